package parapet.lib

# What is asked for, and how it ended.

write_verbs := {"create", "update", "patch"}

# The API server has answered, or begins to. A request is first logged as RequestReceived, before
# it is known whether it is allowed and what it carries: no guardrail judges it then.
is_answered if not input.stage == "RequestReceived"

is_denied if input.responseStatus.code == 403

# Refused for any reason: not allowed (403), not authenticated (401), invalid (422), not found …
is_refused if input.responseStatus.code >= 400

# Creating, replacing or changing an object: what can carry a requestObject worth reading.
is_write if {
	input.verb in write_verbs
	is_answered
}

is_delete if {
	input.verb in {"delete", "deletecollection"}
	is_answered
}

# METADATA
# description: >-
#   The operations of a JSON patch (RFC 6902) that have a value: `add` and `replace`, which write it, and
#   `test`, which only expects it. A test counts so that a value is enough to go by, as it has to be
#   where nothing but the text of a patch can be searched; it is rare, and seldom comes alone. What
#   `copy` and `move` bring along is not in the event.
# scope: document
operations contains operation if {
	input.verb == "patch"
	is_array(input.requestObject)
	some operation in input.requestObject
	operation.op in {"add", "replace", "test"}
}

# METADATA
# description: >-
#   The documents that a request writes, all in the shape of the object: the object itself on create
#   and update, the changed part for a merge patch, a strategic merge patch or server-side apply, and
#   for each operation of a JSON patch the object that has the operation's value at its place and
#   nothing else. Only for the places below, which are those that guardrails look at: a guardrail that
#   asks for a single member of a map, such as a label, looks at the path of `operations` itself.
# scope: document
documents contains input.requestObject

documents contains document if {
	some operation in operations
	document := {
		"": operation.value,
		"/aggregationRule": {"aggregationRule": operation.value},
		"/aggregationRule/clusterRoleSelectors": {"aggregationRule": {"clusterRoleSelectors": operation.value}},
		"/binaryData": {"binaryData": operation.value},
		"/data": {"data": operation.value},
		"/metadata": {"metadata": operation.value},
		"/metadata/annotations": {"metadata": {"annotations": operation.value}},
		"/metadata/labels": {"metadata": {"labels": operation.value}},
		"/roleRef": {"roleRef": operation.value},
		"/roleRef/name": {"roleRef": {"name": operation.value}},
		"/rules": {"rules": operation.value},
		"/spec": {"spec": operation.value},
		"/spec/externalIPs": {"spec": {"externalIPs": operation.value}},
		"/spec/hostPath": {"spec": {"hostPath": operation.value}},
		"/spec/hostPath/path": {"spec": {"hostPath": {"path": operation.value}}},
		"/spec/local": {"spec": {"local": operation.value}},
		"/spec/local/path": {"spec": {"local": {"path": operation.value}}},
		"/spec/type": {"spec": {"type": operation.value}},
		"/status": {"status": operation.value},
		"/status/loadBalancer": {"status": {"loadBalancer": operation.value}},
		"/status/loadBalancer/ingress": {"status": {"loadBalancer": {"ingress": operation.value}}},
		"/subjects": {"subjects": operation.value},
		"/type": {"type": operation.value},
	}[operation.path]
}

# An element of a list: `/rules/0`, or `/rules/-` for a new one at the end.
documents contains document if {
	some operation in operations
	some list, document in {
		"/rules/": {"rules": [operation.value]},
		"/spec/externalIPs/": {"spec": {"externalIPs": [operation.value]}},
		"/status/loadBalancer/ingress/": {"status": {"loadBalancer": {"ingress": [operation.value]}}},
		"/subjects/": {"subjects": [operation.value]},
	}
	startswith(operation.path, list)
}
