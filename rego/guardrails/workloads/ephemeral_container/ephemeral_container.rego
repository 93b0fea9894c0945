# METADATA
# title: Ephemeral container added
# description: Someone put a debugging container into a running pod.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/
#     description: Kubernetes, ephemeral containers
#   - ref: https://attack.mitre.org/techniques/T1610/
#     description: MITRE ATT&CK T1610, Deploy Container
# custom:
#   id: ephemeral-container
#   priority: Notice
#   tags: [mitre_execution, T1609, T1610]
#   controls:
#     soc2: [CC6.1, CC7.2, CC8.1]
#     hipaa: [164.312(a)(1), 164.312(b)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     An ephemeral container brings tools of the caller's choice into a pod and can share its
#     processes, network and files: exec for pods that have no shell.
#   benign: >-
#     `kubectl debug` by the team that owns the pod.
#   evasions: >-
#     Update and patch count, of every kind. What the container may do is judged as for any other
#     container: see privileged-container, added-capability and untrusted-image. `kubectl debug` on
#     a copy of the pod or on a node creates an ordinary pod.
package guardrails.workloads.ephemeral_container

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "pods"
	input.objectRef.subresource == "ephemeralcontainers"
	lib.is_write
	attempt := lib.did("put an ephemeral container into", "put an ephemeral container into")
	message := $"{lib.actor} {attempt} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
