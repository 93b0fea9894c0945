# METADATA
# title: Node changed
# description: A person or a workload created, changed or deleted a node.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/architecture/nodes/
#     description: Kubernetes, nodes
#   - ref: https://attack.mitre.org/techniques/T1499/
#     description: MITRE ATT&CK T1499, Endpoint Denial of Service
# custom:
#   id: node-changed
#   priority: Notice
#   tags: [mitre_impact, T1499]
#   controls:
#     soc2: [CC7.1, CC8.1, A1.2]
#     hipaa: [164.312(c)(1)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     Labels and taints decide which pods run where: moving secrets-bearing pods onto a node that
#     one holds, or emptying the good ones, is done here. A node that nobody ordered receives pods
#     and their secrets.
#   benign: >-
#     Maintenance (`kubectl cordon`, `drain`, `label`), and autoscalers and node managers that run
#     as ordinary service accounts.
#   evasions: >-
#     All verbs that change count, statuses too. Kubelets, which update themselves all the time, and
#     the node controllers are not reported. Reaching a node is another matter: see node-proxy.
package guardrails.controlplane.node_changed

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "nodes"
	not input.objectRef.subresource == "proxy"
	lib.is_change
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
