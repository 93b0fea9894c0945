package guardrails.workloads.pod_portforward_test

import data.guardrails.workloads.pod_portforward
import data.parapet.fixtures

messages(an_event) := {v.message | some v in pod_portforward.violation with input as an_event}

connect(verb, resource, subresource, fields) := fixtures.request(
	verb,
	{"resource": resource, "namespace": "payments", "name": "ledger-0", "subresource": subresource},
	fields,
)

test_says_who_what_where if {
	messages(connect("create", "pods", "portforward", {})) == {
		"admin@example.com forwarded a port to pod ledger-0 in namespace payments",
	}
	messages(connect("get", "services", "proxy", fixtures.denied)) == {concat(" ", [
		"admin@example.com was denied when trying to send a request through the API server",
		"to service ledger-0 in namespace payments",
	])}
}

test_every_verb_and_protocol if {
	every verb in {"create", "get"} {
		count(messages(connect(verb, "pods", "portforward", {}))) == 1
	}
	every verb in {"create", "get", "update", "patch", "delete"} {
		count(messages(connect(verb, "pods", "proxy", {}))) == 1
		count(messages(connect(verb, "services", "proxy", {}))) == 1
	}
}

test_other_requests_are_not if {
	messages(connect("get", "pods", "log", {})) == set()
	messages(connect("get", "nodes", "proxy", {})) == set()
	messages(connect("get", "services", "proxy", {"user": fixtures.controller})) == set()
	messages(connect("get", "pods", "portforward", {"stage": "RequestReceived"})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(connect("create", "pods", "portforward", {}), field))) == 1
	}
}
