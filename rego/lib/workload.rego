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

# The object, or the values that a JSON patch brings along.
written contains input.requestObject

written contains operation.value if some operation in operations

# METADATA
# description: >-
#   The pod specifications (or, in a patch, the changed parts of them) that a request writes,
#   wherever its kind keeps them: below an object, or below any value of a JSON patch, whose path may
#   end above the specification, at it, or inside of it at one of the fields below.
# scope: document
pod_specs contains part.spec if some part in written

pod_specs contains part.spec.template.spec if some part in written

pod_specs contains part.spec.jobTemplate.spec.template.spec if some part in written

pod_specs contains part.template.spec if some part in written

pod_specs contains operation.value.jobTemplate.spec.template.spec if some operation in operations

pod_specs contains spec if {
	some operation in operations
	some ending, spec in {
		"/spec": operation.value,
		"/containers": {"containers": operation.value},
		"/initContainers": {"initContainers": operation.value},
		"/ephemeralContainers": {"ephemeralContainers": operation.value},
		"/hostIPC": {"hostIPC": operation.value},
		"/hostNetwork": {"hostNetwork": operation.value},
		"/hostPID": {"hostPID": operation.value},
		"/spec/securityContext": {"securityContext": operation.value},
		"/spec/securityContext/windowsOptions": {"securityContext": {"windowsOptions": operation.value}},
		"/spec/securityContext/windowsOptions/hostProcess": {"securityContext": {"windowsOptions": {"hostProcess": operation.value}}},
		"/volumes": {"volumes": operation.value},
		"/hostPath": {"volumes": [{"hostPath": operation.value}]},
		"/hostPath/path": {"volumes": [{"hostPath": {"path": operation.value}}]},
	}
	endswith(operation.path, ending)
}

pod_specs contains {"volumes": [operation.value]} if {
	some operation in operations
	contains(operation.path, "/volumes/")
}

# METADATA
# description: >-
#   All containers of these pod specifications, of all three lists; and where the path of a JSON patch
#   ends inside of one, the container with one of the fields below and nothing else.
# scope: document
containers contains container if {
	some spec in pod_specs
	some container in spec.containers
}

containers contains container if {
	some spec in pod_specs
	some container in spec.initContainers
}

containers contains container if {
	some spec in pod_specs
	some container in spec.ephemeralContainers
}

containers contains operation.value if {
	some operation in operations
	is_in_container(operation)
}

containers contains container if {
	some operation in operations
	is_in_container(operation)
	some ending, container in {
		"/image": {"image": operation.value},
		"/securityContext": {"securityContext": operation.value},
		"/securityContext/allowPrivilegeEscalation": {"securityContext": {"allowPrivilegeEscalation": operation.value}},
		"/securityContext/capabilities": {"securityContext": {"capabilities": operation.value}},
		"/securityContext/capabilities/add": {"securityContext": {"capabilities": {"add": operation.value}}},
		"/securityContext/privileged": {"securityContext": {"privileged": operation.value}},
		"/securityContext/windowsOptions": {"securityContext": {"windowsOptions": operation.value}},
		"/securityContext/windowsOptions/hostProcess": {"securityContext": {"windowsOptions": {"hostProcess": operation.value}}},
	}
	endswith(operation.path, ending)
}

containers contains {"securityContext": {"capabilities": {"add": [operation.value]}}} if {
	some operation in operations
	contains(operation.path, "/securityContext/capabilities/add/")
}

# Of any of the three lists.
is_in_container(operation) if contains(operation.path, "ontainers/")
