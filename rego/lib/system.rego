package parapet.lib

# What belongs to the cluster itself.

in_system_namespace if input.objectRef.namespace in data.org.system_namespaces

# Creating, changing and removing.
change_verbs := {"create", "update", "patch", "delete", "deletecollection"}

is_change if {
	input.verb in change_verbs
	is_answered
}

# METADATA
# description: The configuration of the cluster's name service, in the installations that are common.
# scope: document
is_dns_config if {
	input.objectRef.resource == "configmaps"
	in_system_namespace
	regex.match(`^(coredns|kube-dns|node-local-dns)`, input.objectRef.name)
}
