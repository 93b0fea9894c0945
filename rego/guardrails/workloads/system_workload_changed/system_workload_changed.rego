# METADATA
# title: Workload changed in a system namespace
# description: >-
#   Someone who is not a controller of the cluster created, changed, scaled or deleted a workload in
#   a namespace of `org.system_namespaces`.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces
#     description: Kubernetes, initial namespaces
#   - ref: https://attack.mitre.org/techniques/T1036/005/
#     description: MITRE ATT&CK T1036.005, Masquerading, Match Legitimate Resource Name or Location
# custom:
#   id: system-workload-changed
#   priority: Warning
#   tags: [mitre_defense_evasion, T1036.005, mitre_persistence, T1543.005]
#   controls:
#     soc2: [CC6.8, CC7.1, CC8.1]
#     hipaa: [164.312(c)(1)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     What runs in kube-system is taken for a part of Kubernetes, is often exempt from policies, and
#     may use accounts with wide rights. A pod called kube-helper there draws no glance.
#   benign: >-
#     Installing and upgrading add-ons (DNS, metrics, network and storage plugins), by people or by
#     a delivery service.
#   evasions: >-
#     All kinds of workload count, and ephemeral containers. Deleting a single pod, which its
#     controller makes again, does not. Running a command in a pod there is reported by pod-exec. A
#     controller account of the namespace itself, other than `default`, is trusted.
package guardrails.workloads.system_workload_changed

import data.parapet.lib

violation contains finding(message) if {
	lib.in_system_namespace
	lib.is_workload_write
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

violation contains finding(message) if {
	lib.in_system_namespace
	input.objectRef.resource in lib.workloads
	input.objectRef.subresource == "scale"
	lib.is_write
	lib.is_outsider
	scaled := lib.did("scaled", "scale")
	message := $"{lib.actor} {scaled} {lib.target}"
}

violation contains finding(message) if {
	lib.in_system_namespace
	input.objectRef.resource in lib.workloads
	input.objectRef.resource != "pods"
	lib.is_delete
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
