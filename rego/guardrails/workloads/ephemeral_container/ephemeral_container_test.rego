package guardrails.workloads.ephemeral_container_test

import data.guardrails.workloads.ephemeral_container
import data.parapet.fixtures

messages(an_event) := {v.message | some v in ephemeral_container.violation with input as an_event}

debug(verb, fields) := fixtures.request(
	verb,
	{"resource": "pods", "namespace": "shop", "name": "web-0", "subresource": "ephemeralcontainers"},
	fields,
)

test_says_who_where if {
	messages(debug("patch", {})) == {
		"admin@example.com put an ephemeral container into pod web-0 in namespace shop",
	}
	messages(debug("update", fixtures.denied)) == {concat(" ", [
		"admin@example.com was denied when trying to put an ephemeral container into",
		"pod web-0 in namespace shop",
	])}
}

test_every_write if {
	every verb in fixtures.write_verbs {
		count(messages(debug(verb, {}))) == 1
		count(messages(debug(verb, {"level": "Metadata"}))) == 1
	}
}

test_other_requests_are_not if {
	messages(debug("get", {})) == set()
	messages(fixtures.request("patch", {"resource": "pods", "name": "web-0"}, {})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(debug("patch", {}), field))) == 1
	}
}
