# METADATA
# title: Secrets listed
# description: Someone read all secrets of a namespace or of the cluster at once (list or watch).
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#listing-secrets
#     description: Kubernetes, RBAC good practices, listing secrets
#   - ref: https://attack.mitre.org/techniques/T1552/007/
#     description: MITRE ATT&CK T1552.007, Unsecured Credentials, Container API
# custom:
#   id: secrets-listed
#   priority: Warning
#   tags: [mitre_credential_access, T1552.007]
#   controls:
#     soc2: [CC6.1, CC6.3, CC7.2]
#     hipaa: [164.312(a)(1), 164.312(b)]
#     gdpr: [Art. 5(1)(f), Art. 32(1)(b)]
#   why: >-
#     A list answers with the values, not only with the names. One request hands over every password
#     and key of a namespace, or of the cluster.
#   benign: >-
#     `helm list` reads Helm's own release secrets this way, and ingress, certificate and external
#     secrets controllers watch secrets for a living. If such a controller runs in a namespace of its
#     own, adding that namespace to `org.system_namespaces` makes it one of the cluster's controllers.
#   evasions: >-
#     A watch gives the same as a list. Reading secrets one by one is reported by secret-read. Whoever
#     may create pods can mount secrets without reading them through the API, and a token stolen from
#     a controller in a system namespace passes for that controller.
package guardrails.secrets.secrets_listed

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "secrets"
	input.verb in {"list", "watch"}
	not input.objectRef.name
	lib.is_answered
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
