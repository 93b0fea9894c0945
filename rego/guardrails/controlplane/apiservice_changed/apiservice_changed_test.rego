package guardrails.controlplane.apiservice_changed_test

import data.guardrails.controlplane.apiservice_changed
import data.parapet.fixtures

messages(an_event) := {v.message | some v in apiservice_changed.violation with input as an_event}

change(verb, fields) := fixtures.request(verb, {"resource": "apiservices", "name": "v1beta1.metrics.k8s.io"}, fields)

test_says_who_what if {
	messages(change("create", {})) == {"admin@example.com created API service v1beta1.metrics.k8s.io"}
}

test_every_verb if {
	every verb in {"create", "update", "patch", "delete", "deletecollection"} {
		count(messages(change(verb, {}))) == 1
	}
}

test_others_are_not if {
	messages(change("get", {})) == set()
	messages(change("create", {"user": fixtures.apiserver})) == set()
	messages(fixtures.request("update", {"resource": "apiservices", "name": "a", "subresource": "status"}, {})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(change("create", {}), field))) == 1
	}
}
