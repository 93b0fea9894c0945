package guardrails.access.break_glass_used_test

import data.guardrails.access.break_glass_used
import data.parapet.fixtures

messages(an_event) := {v.message | some v in break_glass_used.violation with input as an_event}

break_glass := ["admin@example.com", "emergency"]

test_off_until_accounts_are_listed if {
	messages(fixtures.request("get", {"resource": "pods"}, {})) == set()
}

test_says_who_what if {
	messages(fixtures.request("list", {"resource": "pods"}, {})) == {
		"admin@example.com, an account for emergencies, listed pods in the whole cluster",
	} with data.org.users.break_glass as break_glass
}

test_acting_as_it_too if {
	messages(fixtures.request("list", {"resource": "pods"}, {
		"user": {"username": "bob@example.com"},
		"impersonatedUser": {"username": "emergency"},
	})) == {
		"bob@example.com acting as emergency, an account for emergencies, listed pods in the whole cluster",
	} with data.org.users.break_glass as break_glass
}

test_others_are_not if {
	messages(fixtures.request("list", {"resource": "pods"}, {"user": {"username": "bob@example.com"}})) == set() with data.org.users.break_glass as break_glass
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		an_event := fixtures.without(fixtures.request("list", {"resource": "pods"}, {}), field)
		count(messages(an_event)) == 1 with data.org.users.break_glass as break_glass
	}
}
