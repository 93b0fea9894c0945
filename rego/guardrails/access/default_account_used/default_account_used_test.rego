package guardrails.access.default_account_used_test

import data.guardrails.access.default_account_used
import data.parapet.fixtures

messages(an_event) := {v.message | some v in default_account_used.violation with input as an_event}

by(user) := fixtures.request("list", {"resource": "pods", "namespace": "shop"}, {"user": user})

test_says_who_what if {
	messages(by(fixtures.account("shop", "default"))) == {concat("", [
		"system:serviceaccount:shop:default listed pods in namespace shop: ",
		"some pod that runs without an account of its own",
	])}
}

test_in_system_namespaces_too if {
	count(messages(by(fixtures.account("kube-system", "default")))) == 1
}

test_other_accounts_and_people_are_not if {
	every user in [fixtures.account("shop", "web"), fixtures.account("default", "web"), {"username": "default"}, {"username": "x:default"}] {
		messages(by(user)) == set()
	}
}

test_refused_requests_are_not if {
	messages(object.union(by(fixtures.account("shop", "default")), fixtures.denied)) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(by(fixtures.account("shop", "default")), field))) == 1
	}
}
