package parapet.lib

# Who is asking. This file is the only place where people, service accounts, controllers and the
# cluster's own components are told apart. Always by `user`, the identity that authenticated, and
# never by `impersonatedUser` (whom it acts as) or `userAgent` (what it says of itself).
#
#   anonymous        nobody authenticated: system:anonymous
#   component        the control plane, its cloud counterparts, and nodes: a fixed list of user names
#   controller       a service account of a system namespace (data.org.system_namespaces), but not the
#                    one called `default`, which every pod there gets unless it asks for another
#   service account  any account of a namespace
#   person           everyone else who authenticated, kubernetes-admin and system:admin included
#
# What this trusts: that only the cluster's owner can issue credentials for the names of components
# (guardrails watch certificate requests and tokens for that), and only controllers run in system
# namespaces (guardrails watch workloads there).

# User names of the components of Kubernetes and of managed control planes. Amazon keeps every name that
# begins with `eks:` for its own.
components := {
	"system:apiserver",
	"system:kube-controller-manager",
	"system:kube-scheduler",
	"system:kube-proxy",
	"system:cloud-controller-manager",
	"system:kube-aggregator",
	"system:cluster-autoscaler",
	"system:addon-manager",
	"system:k3s-controller",
	"system:k3s-supervisor",
	"system:k3s-cloud-controller-manager",
	"system:rke2-controller",
	"system:rke2-supervisor",
	"system:gke-controller-manager",
	"system:gcp-controller-manager",
	"system:managed-certificate-controller",
	"system:vpa-recommender",
	"system:konnectivity-server",
	"aksService",
	"masterclient",
	"nodeclient",
}

is_anonymous if input.user.username == "system:anonymous"

is_anonymous if "system:unauthenticated" in input.user.groups

is_component if input.user.username in components

is_component if is_node

is_component if startswith(input.user.username, "eks:")

# Kubelets. Nodes may do only what the node authorizer allows them.
is_node if startswith(input.user.username, "system:node:")

is_service_account if startswith(input.user.username, "system:serviceaccount:")

is_controller if {
	some namespace in data.org.system_namespaces
	startswith(input.user.username, $"system:serviceaccount:{namespace}:")
	not endswith(input.user.username, ":default")
}

# Anyone but a component. For what not even a controller of the cluster should do by itself.
# Written out rather than as `not is_component`, so that the residual of a guardrail stays a
# conjunction of simple conditions. False when there is no user at all, as are the next two.
is_not_component if {
	not input.user.username in components
	not startswith(input.user.username, "system:node:")
	not startswith(input.user.username, "eks:")
}

# Whoever is not the cluster itself: people, anonymous callers, and service accounts outside the
# system namespaces. Most guardrails begin with this.
is_outsider if {
	is_not_component
	not is_controller
}

is_person if {
	is_not_component
	not startswith(input.user.username, "system:serviceaccount:")
	not startswith(input.user.username, "system:bootstrap:")
	not input.user.username == "system:anonymous"
}
