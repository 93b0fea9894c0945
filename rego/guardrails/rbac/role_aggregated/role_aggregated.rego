# METADATA
# title: Rights added to a built-in role
# description: >-
#   A cluster role was written with a label that adds its rules to admin, edit, view or another
#   role.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
#     description: Kubernetes, aggregated cluster roles
#   - ref: https://attack.mitre.org/techniques/T1098/006/
#     description: MITRE ATT&CK T1098.006, Account Manipulation, Additional Container Cluster Roles
# custom:
#   id: role-aggregated
#   priority: Notice
#   tags: [mitre_persistence, mitre_privilege_escalation, T1098.006]
#   controls:
#     soc2: [CC6.1, CC6.3]
#     hipaa: [164.312(a)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: >-
#     The label grants new rights to everyone who holds the other role, without a change to that
#     role or to any binding.
#   benign: >-
#     Operators add their own kinds to admin, edit and view this way when they are installed. Rules
#     for secrets, pods/exec or other groups than their own are not usual.
#   evasions: >-
#     Create, update and every patch. Labels that match an aggregation rule of your own count when
#     they begin with the same words; other labels of your own making do not.
package guardrails.rbac.role_aggregated

import data.parapet.lib

violation contains finding(message) if {
	lib.is_role_write
	some role in extended
	message := $"{lib.actor} {lib.acted} {lib.target} so that its rules are added to the role {role}"
}

# The roles that a label names.
extended contains trim_prefix(label, "rbac.authorization.k8s.io/aggregate-to-") if {
	some document in lib.documents
	some label, "true" in document.metadata.labels
	startswith(label, "rbac.authorization.k8s.io/aggregate-to-")
}

extended contains trim_prefix(operation.path, "/metadata/labels/rbac.authorization.k8s.io~1aggregate-to-") if {
	some operation in lib.operations
	startswith(operation.path, "/metadata/labels/rbac.authorization.k8s.io~1aggregate-to-")
	operation.value == "true"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
