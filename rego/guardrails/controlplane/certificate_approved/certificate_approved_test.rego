package guardrails.controlplane.certificate_approved_test

import data.guardrails.controlplane.certificate_approved
import data.parapet.fixtures

messages(an_event) := {v.message | some v in certificate_approved.violation with input as an_event}

decide(verb, subresource, fields) := fixtures.request(
	verb,
	{"resource": "certificatesigningrequests", "name": "bd", "subresource": subresource},
	fields,
)

test_says_who_what if {
	messages(decide("update", "approval", {})) == {
		"admin@example.com decided on certificate signing request bd (approval)",
	}
}

test_every_write if {
	every verb in {"update", "patch"} {
		count(messages(decide(verb, "approval", {}))) == 1
		count(messages(decide(verb, "status", {}))) == 1
		count(messages(decide(verb, "approval", fixtures.denied))) == 1
	}
}

test_others_are_not if {
	messages(decide("get", "approval", {})) == set()
	messages(decide("update", "approval", {"user": fixtures.account("kube-system", "certificate-controller")})) == set()
	messages(fixtures.request("delete", {"resource": "certificatesigningrequests", "name": "bd"}, {})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(decide("update", "approval", {}), field))) == 1
	}
}
