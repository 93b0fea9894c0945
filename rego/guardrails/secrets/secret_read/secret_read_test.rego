package guardrails.secrets.secret_read_test

import data.guardrails.secrets.secret_read
import data.parapet.fixtures

messages(an_event) := {v.message | some v in secret_read.violation with input as an_event}

read(verb, fields) := fixtures.request(verb, {"resource": "secrets", "namespace": "payments", "name": "stripe"}, fields)

test_says_who_what if {
	messages(read("get", {})) == {"admin@example.com read secret stripe in namespace payments"}
	messages(read("get", fixtures.denied)) == {
		"admin@example.com was denied when trying to read secret stripe in namespace payments",
	}
}

test_a_list_or_watch_of_one_is_reading if {
	every verb in {"get", "list", "watch"} {
		count(messages(read(verb, {}))) == 1
	}
}

test_the_value_is_not_told if {
	every message in messages(read("get", {"responseObject": {"data": {"key": "hunter2"}}})) {
		not contains(message, "hunter2")
	}
}

test_workloads_and_the_cluster_itself_are_not if {
	every user in [fixtures.account("shop", "web"), fixtures.controller, fixtures.kubelet, fixtures.apiserver] {
		messages(read("get", {"user": user})) == set()
	}
}

test_other_requests_are_not if {
	every verb in {"create", "update", "patch", "delete"} {
		messages(read(verb, {})) == set()
	}
	messages(fixtures.request("list", {"resource": "secrets", "namespace": "payments"}, {})) == set()
	messages(fixtures.request("get", {"resource": "configmaps", "name": "a"}, {})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields_but({"objectRef/name"}) {
		count(messages(fixtures.without(read("get", {}), field))) == 1
	}
}
