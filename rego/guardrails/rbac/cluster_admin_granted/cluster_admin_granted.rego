# METADATA
# title: Cluster administrator granted
# description: >-
#   Someone was given, or a change was made to a binding that gives, every right in the cluster or in
#   a namespace.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: Kubernetes, RBAC good practices
#   - ref: https://attack.mitre.org/techniques/T1098/006/
#     description: MITRE ATT&CK T1098.006, Additional Container Cluster Roles
# custom:
#   id: cluster-admin-granted
#   priority: Critical
#   tags: [mitre_persistence, mitre_privilege_escalation, T1098.006]
#   controls:
#     soc2: [CC6.1, CC6.2, CC6.3]
#     hipaa: [164.312(a)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b), Art. 32(4)]
#   why: >-
#     Whoever holds cluster-admin can read every secret, run anything on every node and remove the
#     traces. It is the last step of most attacks on a cluster, and the way they come back.
#   benign: >-
#     Setting a cluster up, and installers that ask for cluster-admin. Both are rare, and each grant
#     should be one that somebody remembers deciding.
#   evasions: >-
#     Role bindings count as cluster role bindings do, update and patch as create does. A patch that
#     only adds a subject does not name the role: the object in the response does, at level
#     RequestResponse, and so does the name of the built-in binding. A role that has the same rights
#     under another name is reported when it is made: see wildcard-role and escalation-verbs.
#     A certificate for the group system:masters needs no binding: see certificate-requested.
package guardrails.rbac.cluster_admin_granted

import data.parapet.lib

# cluster-admin, and its equal in Rancher.
admin_roles := {"cluster-admin", "cluster-owner"}

violation contains finding(message) if {
	lib.is_binding_write
	some role in lib.bound_roles
	role in admin_roles
	message := $"{lib.actor} {lib.acted} {lib.target}, which grants {role} to {lib.subject_names}"
}

# The built-in binding, by its name: a patch that adds a subject to it names no role.
violation contains finding(message) if {
	lib.is_binding_write
	input.objectRef.resource == "clusterrolebindings"
	input.objectRef.name == "cluster-admin"
	message := $"{lib.actor} {lib.acted} {lib.target}, which grants cluster-admin to {lib.subject_names}"
}

# Members of this group pass every authorization check, whatever it is bound to. Binding it hides
# somebody's plan in a name that nobody questions.
violation contains finding(message) if {
	lib.is_binding_write
	"system:masters" in lib.bound_groups
	message := $"{lib.actor} {lib.acted} {lib.target}, which binds the administrators' group system:masters"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
