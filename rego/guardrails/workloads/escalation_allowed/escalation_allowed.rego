# METADATA
# title: Privilege escalation allowed
# description: >-
#   A workload was written with a container whose processes may gain more rights than they were
#   started with.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
#     description: Kubernetes, security context
#   - ref: https://attack.mitre.org/techniques/T1611/
#     description: MITRE ATT&CK T1611, Escape to Host
# custom:
#   id: escalation-allowed
#   priority: Notice
#   tags: [mitre_privilege_escalation, T1611]
#   controls:
#     soc2: [CC6.1, CC6.3]
#     hipaa: [164.312(a)(1)]
#     gdpr: [Art. 25(2)]
#   why: >-
#     `allowPrivilegeEscalation: true` lets a setuid program make an ordinary process root inside
#     the container, which is one bug away from root on the node.
#   benign: Images that start as root and drop to a user, and charts that say it without needing it.
#   evasions: >-
#     All kinds of workload, lists of containers and patches are read. Only `true`, written down, is
#     reported: leaving the field out means the same to Kubernetes, but is so common that reporting
#     it would hide the rest; the restricted Pod Security Standard is the tool for that.
package guardrails.workloads.escalation_allowed

import data.parapet.lib

violation contains finding(message) if {
	lib.is_workload_write
	some _ in escalating
	message := $"{lib.actor} {lib.acted} {lib.target} with containers that may escalate their privileges: {lib.container_names(escalating)}"
}

escalating contains container if {
	some container in lib.containers
	container.securityContext.allowPrivilegeEscalation == true
}

finding(message) := lib.finding(rego.metadata.chain(), message)
