# METADATA
# title: Secret read by a person
# description: A person read a secret's value.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/secrets-good-practices/
#     description: Kubernetes, good practices for secrets
#   - ref: https://attack.mitre.org/techniques/T1552/007/
#     description: MITRE ATT&CK T1552.007, Unsecured Credentials, Container API
# custom:
#   id: secret-read
#   priority: Notice
#   tags: [mitre_credential_access, T1552.007]
#   controls:
#     soc2: [CC6.1, CC6.3, CC7.2]
#     hipaa: [164.312(a)(1), 164.312(b)]
#     gdpr: [Art. 5(1)(f), Art. 32(1)(b)]
#   why: >-
#     Workloads read secrets, people rarely need to. Once a person has seen a password, it has to be
#     counted among what that person knows.
#   benign: >-
#     `kubectl edit` and `kubectl describe` of a secret, a deployment tool run by hand, and looking
#     up a password in an emergency.
#   evasions: >-
#     A watch on a single secret gives its value and counts as reading; reading all at once is
#     reported by secrets-listed. Service accounts are not reported, since reading their own secrets
#     is their work. Mounting a secret in a pod and running a command there reads it without a trace
#     but pod-exec.
package guardrails.secrets.secret_read

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "secrets"
	input.verb in {"get", "list", "watch"}
	input.objectRef.name
	lib.is_answered
	lib.is_person
	read := lib.did("read", "read")
	message := $"{lib.actor} {read} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
