# METADATA
# title: Host namespace shared
# description: >-
#   A workload was written that shares its node's processes, network or inter-process communication.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://attack.mitre.org/techniques/T1611/
#     description: MITRE ATT&CK T1611, Escape to Host
# custom:
#   id: host-namespace
#   priority: Warning
#   tags: [mitre_privilege_escalation, T1611, mitre_discovery, T1046]
#   controls:
#     soc2: [CC6.1, CC6.3, CC6.6]
#     hipaa: [164.312(a)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: >-
#     With the node's processes in view, a container reads their environment and signals them; on
#     the node's network it reaches what listens on localhost, the kubelet among it, and passes by
#     network policies.
#   benign: >-
#     Network plugins, proxies, node exporters and other agents, when they are installed or
#     upgraded.
#   evasions: >-
#     All kinds of workload and patches are read. Host ports (`hostPort`) open the network without
#     sharing it and are not reported.
package guardrails.workloads.host_namespace

import data.parapet.lib

violation contains finding(message) if {
	lib.is_workload_write
	some _ in shared
	names := concat(" and ", sort(shared))
	message := $"{lib.actor} {lib.acted} {lib.target}, sharing the {names} of its node"
}

shared contains "processes (hostPID)" if {
	some spec in lib.pod_specs
	spec.hostPID == true
}

shared contains "network (hostNetwork)" if {
	some spec in lib.pod_specs
	spec.hostNetwork == true
}

shared contains "inter-process communication (hostIPC)" if {
	some spec in lib.pod_specs
	spec.hostIPC == true
}

finding(message) := lib.finding(rego.metadata.chain(), message)
