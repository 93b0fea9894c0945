package parapet.lib

# Words for messages. All of these are defined for every event, whatever it lacks, so that a
# missing name never hides a violation. (A template string alone would do that, but writes
# `<undefined>` for what is missing.) None of them shows a value of a Secret or a ConfigMap,
# a command line or a query string.

# Who did it: `alice@example.com`, or `bob@example.com acting as alice@example.com`.
actor := username if not input.impersonatedUser.username

actor := $"{username} acting as {input.impersonatedUser.username}" if input.impersonatedUser.username

default username := "a caller without a name"

username := input.user.username if input.user.username != ""

# METADATA
# description: >-
#   A verb phrase that tells how the request ended. `did("opened a shell", "open a shell")` is
#   "opened a shell", "was denied when trying to open a shell" or "failed when trying to open a shell".
# scope: document
did(past, _) := past if not is_refused

did(_, infinitive) := $"was denied when trying to {infinitive}" if is_denied

did(_, infinitive) := $"failed when trying to {infinitive}" if {
	is_refused
	not is_denied
}

# What the verb did, in the past tense and with its outcome: "created", "was denied when trying to list".
acted := did(past_tense[input.verb], infinitives[input.verb])

acted := did("made a request to", "make a request to") if not has_words

# By itself, because `not past_tense[input.verb]` is not true when there is no verb.
has_words if past_tense[input.verb]

past_tense := {
	"create": "created",
	"update": "replaced",
	"patch": "changed",
	"delete": "deleted",
	"deletecollection": "deleted all",
	"get": "read",
	"list": "listed",
	"watch": "watched",
}

infinitives := {
	"create": "create",
	"update": "replace",
	"patch": "change",
	"delete": "delete",
	"deletecollection": "delete all",
	"get": "read",
	"list": "list",
	"watch": "watch",
}

# What it was done to: `pod web-0 in namespace shop`, `secrets in all namespaces`, `/metrics`.
target := $"{kind} {name}{place}" if name != ""

target := $"{input.objectRef.resource}{place_of_many}" if {
	name == ""
	input.objectRef.resource
}

target := path if not input.objectRef.resource

# The request's path without its query, which can hold commands and tokens.
path := split(object.get(input, "requestURI", "an unknown path"), "?")[0]

kind := object.get(singular, input.objectRef.resource, input.objectRef.resource)

singular := {
	"pods": "pod",
	"podtemplates": "pod template",
	"replicationcontrollers": "replication controller",
	"deployments": "deployment",
	"daemonsets": "daemon set",
	"statefulsets": "stateful set",
	"replicasets": "replica set",
	"jobs": "job",
	"cronjobs": "cron job",
	"roles": "role",
	"clusterroles": "cluster role",
	"rolebindings": "role binding",
	"clusterrolebindings": "cluster role binding",
	"secrets": "secret",
	"configmaps": "config map",
	"serviceaccounts": "service account",
	"services": "service",
	"endpoints": "endpoints",
	"namespaces": "namespace",
	"nodes": "node",
	"events": "event",
	"persistentvolumes": "persistent volume",
	"persistentvolumeclaims": "persistent volume claim",
	"networkpolicies": "network policy",
	"ingresses": "ingress",
	"certificatesigningrequests": "certificate signing request",
	"apiservices": "API service",
	"mutatingwebhookconfigurations": "mutating webhook configuration",
	"validatingwebhookconfigurations": "validating webhook configuration",
	"validatingadmissionpolicies": "validating admission policy",
	"validatingadmissionpolicybindings": "validating admission policy binding",
	"mutatingadmissionpolicies": "mutating admission policy",
	"mutatingadmissionpolicybindings": "mutating admission policy binding",
	"clusterpolicies": "cluster policy",
	"policies": "policy",
}

name := object.get(input, ["objectRef", "name"], object.get(input, ["requestObject", "metadata", "name"], generated_name))

default generated_name := ""

# A name that the server completes: `web-*`.
generated_name := $"{input.requestObject.metadata.generateName}*" if input.requestObject.metadata.generateName

place := $" in namespace {input.objectRef.namespace}" if {
	input.objectRef.namespace
	input.objectRef.resource != "namespaces"
}

else := ""

place_of_many := $" in namespace {input.objectRef.namespace}" if input.objectRef.namespace

else := " in the whole cluster"

# Where the request came from: its addresses, in the order in which they were added. All but the
# last are the client's or a proxy's word.
source := concat(" via ", input.sourceIPs) if count(input.sourceIPs) > 0

else := "an unknown address"

# Containers in a message, by name, as far as the write names them.
container_names(containers) := concat(", ", names) if {
	names := sort({object.get(container, "name", "unnamed") | some container in containers})
}
