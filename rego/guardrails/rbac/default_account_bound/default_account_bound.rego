# METADATA
# title: Default service account given rights
# description: A role was bound to the service account called `default` of a namespace.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts
#     description: Kubernetes, default service accounts
#   - ref: https://attack.mitre.org/techniques/T1078/001/
#     description: MITRE ATT&CK T1078.001, Valid Accounts, Default Accounts
# custom:
#   id: default-account-bound
#   priority: Warning
#   tags: [mitre_persistence, mitre_privilege_escalation, T1098.006, T1078.001]
#   controls:
#     soc2: [CC6.1, CC6.3]
#     hipaa: [164.312(a)(1), 164.312(a)(2)(i)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: >-
#     Every pod of the namespace that asks for no account runs as `default`. Rights given to it are
#     given to all of them, to those that an attacker starts as well.
#   benign: >-
#     Tutorials and old charts do it. An account of its own for the workload that needs the rights
#     costs two lines.
#   evasions: >-
#     The account is seen as a service account and by its user name, in both kinds of binding, on
#     create, update and every patch. All accounts of the namespace at once are reported by
#     everyone-bound.
package guardrails.rbac.default_account_bound

import data.parapet.lib

violation contains finding(message) if {
	lib.is_binding_write
	"default" in lib.bound_accounts
	message := $"{lib.actor} {lib.acted} {lib.target}, which gives rights to {lib.subject_names}"
}

violation contains finding(message) if {
	lib.is_binding_write
	some subject in lib.subjects
	regex.match(`^system:serviceaccount:[^:]+:default$`, subject.name)
	message := $"{lib.actor} {lib.acted} {lib.target}, which gives rights to {lib.subject_names}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
