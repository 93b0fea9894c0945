package guardrails.access.unknown_user_test

import data.guardrails.access.unknown_user
import data.parapet.fixtures

messages(an_event) := {v.message | some v in unknown_user.violation with input as an_event}

known := ["alice", "*@example.com"]

by(name) := fixtures.request("list", {"resource": "pods"}, {"user": {"username": name}})

test_off_until_users_are_listed if {
	messages(by("mallory")) == set()
}

test_says_who_what if {
	messages(by("mallory")) == {
		"mallory, who is not among the known users, listed pods in the whole cluster",
	} with data.org.users.known as known
}

test_names_that_only_look_known if {
	every name in {"alice2", "ALICE", "bob@example.com.evil.net", "kubernetes-admin"} {
		count(messages(by(name))) == 1 with data.org.users.known as known
	}
}

test_known_and_break_glass_users_are_not if {
	every name in {"alice", "bob.b@example.com"} {
		messages(by(name)) == set() with data.org.users.known as known
	}
	messages(by("emergency")) == set() with data.org.users.known as known with data.org.users.break_glass as ["emergency"]
}

test_what_is_no_person_is_not if {
	every name in {"system:apiserver", "system:node:a", "system:serviceaccount:shop:web", "system:anonymous"} {
		messages(by(name)) == set() with data.org.users.known as known
	}
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(by("mallory"), field))) == 1 with data.org.users.known as known
	}
}
