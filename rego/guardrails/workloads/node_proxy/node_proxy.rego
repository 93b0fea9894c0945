# METADATA
# title: Request through a node proxy
# description: Someone reached a node's kubelet through the API server.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes
#     description: Kubernetes, access to the proxy subresource of nodes
#   - ref: https://attack.mitre.org/techniques/T1609/
#     description: MITRE ATT&CK T1609, Container Administration Command
# custom:
#   id: node-proxy
#   priority: Warning
#   tags: [mitre_execution, T1609, mitre_privilege_escalation, T1611]
#   controls:
#     soc2: [CC6.1, CC6.6]
#     hipaa: [164.312(a)(1), 164.312(b)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     The kubelet's own API runs commands in every pod of the node, without admission control and
#     without an audit record of the command.
#   benign: >-
#     Monitoring that scrapes kubelets through the API server: a service account that reads only
#     metrics, statistics or health is not reported.
#   evasions: >-
#     All verbs and paths count. A connection that goes to the port of the kubelet directly never
#     reaches the API server.
package guardrails.workloads.node_proxy

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "nodes"
	input.objectRef.subresource == "proxy"
	lib.is_answered
	lib.is_outsider
	not is_scraping
	attempt := lib.did("reached the kubelet of", "reach the kubelet of")
	message := $"{lib.actor} {attempt} {lib.target} ({lib.path})"
}

is_scraping if {
	lib.is_service_account
	input.verb == "get"
	regex.match(`^/api/v1/nodes/[^/?]+/proxy/(metrics|stats|healthz)(/[a-z]+)?([?]|$)`, input.requestURI)
}

finding(message) := lib.finding(rego.metadata.chain(), message)
