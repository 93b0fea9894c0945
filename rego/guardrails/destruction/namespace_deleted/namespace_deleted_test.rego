package guardrails.destruction.namespace_deleted_test

import data.guardrails.destruction.namespace_deleted
import data.parapet.fixtures

messages(an_event) := {v.message | some v in namespace_deleted.violation with input as an_event}

remove(fields) := fixtures.request("delete", {"resource": "namespaces", "namespace": "monitoring", "name": "monitoring"}, fields)

test_says_who_what if {
	messages(remove({})) == {"admin@example.com deleted namespace monitoring and everything in it"}
	messages(remove(fixtures.denied)) == {
		"admin@example.com was denied when trying to delete namespace monitoring and everything in it",
	}
}

test_service_accounts_too if {
	count(messages(remove({"user": fixtures.account("ci", "deployer")}))) == 1
}

test_others_are_not if {
	messages(fixtures.request("create", {"resource": "namespaces", "name": "monitoring"}, {})) == set()
	messages(fixtures.request("delete", {"resource": "pods", "namespace": "monitoring", "name": "a"}, {})) == set()
	messages(remove({"user": fixtures.account("kube-system", "namespace-controller")})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(remove({}), field))) == 1
	}
}
