# METADATA
# title: Port forwarded or proxied into a pod
# description: Someone opened a network connection into a pod or a service through the API server.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/access-application-cluster/port-forward-access-application-cluster/
#     description: Kubernetes, port forwarding
#   - ref: https://attack.mitre.org/techniques/T1046/
#     description: MITRE ATT&CK T1046, Network Service Discovery
# custom:
#   id: pod-portforward
#   priority: Notice
#   tags: [mitre_discovery, T1046]
#   controls:
#     soc2: [CC6.1, CC6.6, CC7.2]
#     hipaa: [164.312(a)(1), 164.312(e)(1)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     A forwarded port passes by every network policy and firewall in front of the pod: a database
#     that nothing may reach is reached from a laptop.
#   benign: >-
#     Debugging by the team that owns the pod, and dashboards that are read through `kubectl proxy`.
#   evasions: >-
#     All protocols and verbs of portforward count, and so do the proxies of pods and services. What
#     is sent through the connection is not in the log. A proxy to a node is reported by node-proxy.
package guardrails.workloads.pod_portforward

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "pods"
	input.objectRef.subresource == "portforward"
	lib.is_answered
	attempt := lib.did("forwarded a port to", "forward a port to")
	message := $"{lib.actor} {attempt} {lib.target}"
}

violation contains finding(message) if {
	input.objectRef.resource in {"pods", "services"}
	input.objectRef.subresource == "proxy"
	lib.is_answered
	lib.is_outsider
	attempt := lib.did("sent a request through the API server to", "send a request through the API server to")
	message := $"{lib.actor} {attempt} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
