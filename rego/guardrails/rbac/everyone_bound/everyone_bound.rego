# METADATA
# title: Access granted to everyone who logged in
# description: >-
#   A role was bound to all authenticated users, to all service accounts, or to all service accounts
#   of a namespace.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: Kubernetes, RBAC good practices
#   - ref: https://attack.mitre.org/techniques/T1098/006/
#     description: MITRE ATT&CK T1098.006, Account Manipulation, Additional Container Cluster Roles
# custom:
#   id: everyone-bound
#   priority: Warning
#   tags: [mitre_persistence, mitre_privilege_escalation, T1098.006]
#   controls:
#     soc2: [CC6.1, CC6.3]
#     hipaa: [164.312(a)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: >-
#     system:authenticated is everyone whom the cluster can name, every pod included; on some
#     managed clusters it is everyone with an account of the cloud.
#   benign: >-
#     Rights that are harmless and wanted by all, such as reading a price list in a config map. The
#     role that is bound tells: the message names it.
#   evasions: >-
#     Both kinds of binding, create, update and every patch. Groups of the identity provider that
#     contain everyone have names of their own, which only you know.
package guardrails.rbac.everyone_bound

import data.parapet.lib

violation contains finding(message) if {
	lib.is_binding_write
	some group in lib.bound_groups
	regex.match(`^system:(authenticated|serviceaccounts(:.*)?)$`, group)
	message := $"{lib.actor} {lib.acted} {lib.target}, which binds the group {group} to {lib.bound_role_names}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
