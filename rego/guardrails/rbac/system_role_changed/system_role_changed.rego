# METADATA
# title: Built-in role or binding changed
# description: A role or binding that belongs to Kubernetes itself was changed or deleted.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
#     description: Kubernetes, default roles and role bindings
#   - ref: https://attack.mitre.org/techniques/T1098/006/
#     description: MITRE ATT&CK T1098.006, Account Manipulation, Additional Container Cluster Roles
# custom:
#   id: system-role-changed
#   priority: Warning
#   tags: [mitre_persistence, mitre_privilege_escalation, T1098.006, mitre_defense_evasion, T1562.001]
#   controls:
#     soc2: [CC6.1, CC6.3, CC8.1]
#     hipaa: [164.312(a)(1), 164.312(c)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: >-
#     Everybody is bound to some of these roles, and nobody reads them: a rule added to
#     system:discovery or view is held by all at once, under a name that raises no question.
#     Deleting one breaks what depends on it.
#   benign: >-
#     Add-ons whose roles are called system:something, when they are upgraded, and upgrades of the
#     cluster that are done by hand.
#   evasions: >-
#     The roles cluster-admin, admin, edit and view count as those called system: do, bindings as
#     roles do, and so does every role in a system namespace. Adding rights through a label is
#     reported by role-aggregated. A new role with such a name is not a change. The API server
#     restores its roles at its next start unless they are marked otherwise.
package guardrails.rbac.system_role_changed

import data.parapet.lib

violation contains finding(message) if {
	is_rbac_change
	startswith(input.objectRef.name, "system:")
	message := $"{lib.actor} {lib.acted} {lib.target}, which belongs to Kubernetes itself"
}

violation contains finding(message) if {
	is_rbac_change
	input.objectRef.resource in {"clusterroles", "clusterrolebindings"}
	input.objectRef.name in {"cluster-admin", "admin", "edit", "view"}
	message := $"{lib.actor} {lib.acted} {lib.target}, which belongs to Kubernetes itself"
}

violation contains finding(message) if {
	is_rbac_change
	lib.in_system_namespace
	message := $"{lib.actor} {lib.acted} {lib.target}, which belongs to Kubernetes itself"
}

is_rbac_change if {
	input.objectRef.resource in {"roles", "clusterroles", "rolebindings", "clusterrolebindings"}
	input.verb in {"update", "patch", "delete", "deletecollection"}
	lib.is_answered
	lib.is_not_component
	not input.user.username == lib.aggregation_controller
}

finding(message) := lib.finding(rego.metadata.chain(), message)
