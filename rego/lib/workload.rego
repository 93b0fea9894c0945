package parapet.lib

# Pods, and everything that makes pods from a template.

workloads := {
	"pods",
	"podtemplates",
	"replicationcontrollers",
	"deployments",
	"daemonsets",
	"statefulsets",
	"replicasets",
	"jobs",
	"cronjobs",
	"deploymentconfigs",
	"rollouts",
}

# METADATA
# description: >-
#   A workload of any kind is created, replaced or changed, by someone other than the cluster itself:
#   the pods that controllers make from a template were judged when the template was written.
#   pods/ephemeralcontainers counts; other subresources (status, scale, exec, eviction …) do not.
# scope: document
is_workload_write if {
	input.verb in write_verbs
	input.objectRef.resource in workloads
	not is_other_subresource
	is_answered
	is_outsider
}

# By itself, because a `not` around `!=` would not be true for a request without a subresource.
is_other_subresource if input.objectRef.subresource != "ephemeralcontainers"

# METADATA
# description: >-
#   The pod specifications (or, in a patch, the changed parts of them) that a request writes,
#   wherever its kind keeps them.
# scope: document
pod_specs contains spec if some spec in written_pod_specs

pod_specs contains spec if some spec in patched_pod_specs

# METADATA
# description: All containers of these pod specifications, of all three lists.
# scope: document
containers contains container if {
	some spec in written_pod_specs
	some container in spec.containers
}

containers contains container if {
	some spec in written_pod_specs
	some container in spec.initContainers
}

containers contains container if {
	some spec in written_pod_specs
	some container in spec.ephemeralContainers
}

containers contains container if some container in patched_containers

# In an object, a merge patch or server-side apply: spelled out, for the sake of the residual.
written_pod_specs contains input.requestObject.spec if input.objectRef.resource == "pods"

written_pod_specs contains input.requestObject.spec.template.spec

written_pod_specs contains input.requestObject.spec.jobTemplate.spec.template.spec

written_pod_specs contains input.requestObject.template.spec

# In a JSON patch: any path that leads into a pod specification.
patched_pod_specs := [spec |
	some document in patch_documents
	some path in [["spec"], ["spec", "template", "spec"], ["spec", "jobTemplate", "spec", "template", "spec"], ["template", "spec"]]
	spec := object.get(document, path, {})
]

patched_containers := [container |
	some spec in patched_pod_specs
	some list in ["containers", "initContainers", "ephemeralContainers"]
	some container in object.get(spec, list, [])
]
