package guardrails.access.invalid_credentials_test

import data.guardrails.access.invalid_credentials
import data.parapet.fixtures

rejected := {"user": {}, "verb": "list", "stage": "ResponseStarted", "responseStatus": {"code": 401}}

messages(an_event) := {v.message | some v in invalid_credentials.violation with input as an_event}

test_rejected_credentials_are_reported if {
	messages(fixtures.event(rejected)) == {
		"somebody from 192.0.2.7 gave credentials that the API server does not accept",
	}
}

test_addresses_are_told_in_order if {
	messages(fixtures.event(object.union(rejected, {"sourceIPs": ["203.0.113.77", "192.0.2.7"]}))) == {
		"somebody from 203.0.113.77 via 192.0.2.7 gave credentials that the API server does not accept",
	}
}

test_a_user_is_named_where_there_is_one if {
	messages(fixtures.event(object.union(rejected, {"user": {"username": "bob"}}))) == {
		"bob from 192.0.2.7 gave credentials that the API server does not accept",
	}
}

test_other_outcomes_are_not if {
	every code in {200, 400, 403, 404} {
		messages(fixtures.event({"responseStatus": {"code": code}})) == set()
	}
}

test_missing_fields_hide_nothing if {
	every field in ["user", "sourceIPs", "verb", "userAgent"] {
		count(messages(fixtures.without(fixtures.event(rejected), field))) == 1
	}
}
