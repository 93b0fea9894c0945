# METADATA
# title: Admission webhook changed
# description: >-
#   Someone created, changed or deleted a webhook that the API server asks before it accepts a change.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
#     description: Kubernetes, dynamic admission control
#   - ref: https://attack.mitre.org/techniques/T1562/001/
#     description: MITRE ATT&CK T1562.001, Impair Defenses, Disable or Modify Tools
# custom:
#   id: admission-webhook-changed
#   priority: Warning
#   tags: [mitre_defense_evasion, T1562.001, mitre_credential_access, T1552.007]
#   controls:
#     soc2: [CC6.1, CC6.8, CC7.1, CC8.1]
#     hipaa: [164.312(c)(1)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     A mutating webhook sees every object that it asks for, secrets included, and can put a container
#     into every pod. Removing or narrowing a validating webhook switches off the rules that it enforces.
#   benign: >-
#     Installing and upgrading operators, service meshes and policy engines; certificate managers that
#     renew a webhook's CA. A controller in a namespace of `org.system_namespaces` is not reported.
#   evasions: >-
#     Create, update, patch and both deletes are covered, denied attempts too. Deleting the service or
#     the pods behind a webhook with failurePolicy Ignore disables it without touching it.
package guardrails.controlplane.admission_webhook_changed

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource in {"mutatingwebhookconfigurations", "validatingwebhookconfigurations"}
	lib.is_change
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
