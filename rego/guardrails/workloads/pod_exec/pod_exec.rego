# METADATA
# title: Command run in a pod
# description: Someone ran a command in a running pod, or attached to one (exec or attach).
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/
#     description: Kubernetes, get a shell to a running container
#   - ref: https://attack.mitre.org/techniques/T1609/
#     description: MITRE ATT&CK T1609, Container Administration Command
# custom:
#   id: pod-exec
#   priority: Notice
#   tags: [mitre_execution, T1609]
#   controls:
#     soc2: [CC6.1, CC7.2]
#     hipaa: [164.312(a)(1), 164.312(b)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     A shell in a pod reads what the pod can read, its service account's token and its database
#     included, and leaves no trace in the audit log beyond this one request.
#   benign: >-
#     Debugging by the team that owns the pod, and tools that copy files (`kubectl cp` is an exec).
#     Expect it outside production; in production it should have a ticket.
#   evasions: >-
#     Attach works as exec where the container's main process is a shell, and both exist as create
#     (SPDY) and get (WebSocket): all four are reported, denied and failed attempts too. An exec
#     through the kubelet itself (nodes/proxy) is reported by node-proxy, and one that talks to the
#     kubelet's port directly never reaches the API server's log.
package guardrails.workloads.pod_exec

import data.parapet.lib

# The command is left out of the message: its arguments can hold credentials.
violation contains finding(message) if {
	input.objectRef.resource == "pods"
	input.objectRef.subresource in {"exec", "attach"}
	input.verb in {"create", "get"}
	lib.is_answered
	message := $"{lib.actor} {action[input.objectRef.subresource]} {lib.target}"
}

action := {
	"exec": lib.did("ran a command in", "run a command in"),
	"attach": lib.did("attached to", "attach to"),
}

finding(message) := lib.finding(rego.metadata.chain(), message)
