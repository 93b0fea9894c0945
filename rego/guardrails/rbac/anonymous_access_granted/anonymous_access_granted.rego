# METADATA
# title: Access granted to anonymous callers
# description: A role was bound to callers who give no credentials.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: Kubernetes, RBAC good practices
#   - ref: https://attack.mitre.org/techniques/T1098/006/
#     description: MITRE ATT&CK T1098.006, Account Manipulation, Additional Container Cluster Roles
# custom:
#   id: anonymous-access-granted
#   priority: Critical
#   tags: [mitre_persistence, mitre_privilege_escalation, T1098.006, mitre_initial_access, T1190]
#   controls:
#     soc2: [CC6.1, CC6.3, CC6.6]
#     hipaa: [164.312(a)(1), 164.312(d)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: From then on everybody who can reach the API server holds that role, and leaves no name.
#   benign: >-
#     `kubeadm init` binds the reading of kube-public/cluster-info, which nodes need to join: that
#     one binding is not reported. The API server makes its own public bindings at its start.
#   evasions: >-
#     The user system:anonymous and the group system:unauthenticated count, in both kinds of
#     binding, on create, update and every patch. Everybody who did authenticate is a wide circle
#     too: see everyone-bound.
package guardrails.rbac.anonymous_access_granted

import data.parapet.lib

violation contains finding(message) if {
	lib.is_binding_write
	some subject in lib.subjects
	subject.name in {"system:anonymous", "system:unauthenticated"}
	not is_joining
	message := $"{lib.actor} {lib.acted} {lib.target}, which binds anonymous callers"
}

is_joining if {
	input.objectRef.namespace == "kube-public"
	input.requestObject.roleRef.name == "kubeadm:bootstrap-signer-clusterinfo"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
