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
#   The documents that a request writes, all in the shape of the object: the object itself on create
#   and update, the changed part for a merge patch, a strategic merge patch or server-side apply, and
#   for a JSON patch one document for each `add` and `replace`, holding the value at its path.
#   `{"op": "add", "path": "/spec/containers/0/securityContext/privileged", "value": true}` becomes
#   `{"spec": {"containers": [{"securityContext": {"privileged": true}}]}}`. What `copy` and `move`
#   bring along is not in the event.
# scope: document
documents contains input.requestObject

documents contains document if some document in patch_documents

# A comprehension, which partial evaluation leaves alone, so that the residual of a guardrail has one
# branch for JSON patches rather than one for each way through them.
patch_documents := [document |
	some operation in input.requestObject
	operation.op in {"add", "replace"}
	document := nested(operation.path, operation.value)
] if {
	input.verb == "patch"
	is_array(input.requestObject)
}

# METADATA
# description: The value at a JSON pointer, as the document that has it there and nothing else.
# scope: document
nested(pointer, value) := document if {
	all_steps := split(pointer, "/")
	steps := array.slice(all_steps, 1, count(all_steps))
	before := [opening(step) | some step in steps]
	after := array.reverse([closing(step) | some step in steps])
	document := json.unmarshal(concat("", array.flatten([before, json.marshal(value), after])))
}

# A step that is a number, or `-` for the end, stands for an element of a list.
is_index(step) if regex.match(`^(-|[0-9]+)$`, step)

opening(step) := "[" if is_index(step)

opening(step) := concat("", ["{", json.marshal(unescaped(step)), ":"]) if not is_index(step)

closing(step) := "]" if is_index(step)

closing(step) := "}" if not is_index(step)

# RFC 6901: `~1` stands for a slash and `~0` for a tilde.
unescaped(step) := replace(replace(step, "~1", "/"), "~0", "~")
