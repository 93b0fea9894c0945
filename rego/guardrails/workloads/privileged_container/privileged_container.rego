# METADATA
# title: Privileged container
# description: A workload was written with a container that runs with all the powers of its node.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards (baseline, privileged containers)
#   - ref: https://attack.mitre.org/techniques/T1611/
#     description: MITRE ATT&CK T1611, Escape to Host
# custom:
#   id: privileged-container
#   priority: Error
#   tags: [mitre_privilege_escalation, T1611, mitre_execution, T1610]
#   controls:
#     soc2: [CC6.1, CC6.3, CC6.8]
#     hipaa: [164.312(a)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: >-
#     A privileged container sees the devices and the kernel of its node and can take it over, and
#     with it every other pod there.
#   benign: >-
#     Network and storage plugins, device plugins and node agents, when they are installed or
#     upgraded. They belong in a namespace listed in `org.system_namespaces` and are written by few
#     people; anything else is worth asking about.
#   evasions: >-
#     All kinds of workload, all three lists of containers, create, update and every kind of patch
#     are read, and Windows' hostProcess counts as privileged. Pods that a controller of the cluster
#     makes from a template are not reported again. A container can come close to privileged without
#     the flag: see added-capability, host-namespace and sensitive-host-path. A mutating webhook can
#     add the flag after the request was logged, and the static pods of a node pass no API server.
package guardrails.workloads.privileged_container

import data.parapet.lib

violation contains finding(message) if {
	lib.is_workload_write
	some _ in privileged
	message := $"{lib.actor} {lib.acted} {lib.target} with privileged containers: {lib.container_names(privileged)}"
}

violation contains finding(message) if {
	lib.is_workload_write
	some spec in lib.pod_specs
	spec.securityContext.windowsOptions.hostProcess == true
	message := $"{lib.actor} {lib.acted} {lib.target} with containers that run as processes of their node"
}

privileged contains container if {
	some container in lib.containers
	container.securityContext.privileged == true
}

privileged contains container if {
	some container in lib.containers
	container.securityContext.windowsOptions.hostProcess == true
}

finding(message) := lib.finding(rego.metadata.chain(), message)
