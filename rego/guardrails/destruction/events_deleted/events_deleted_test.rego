package guardrails.destruction.events_deleted_test

import data.guardrails.destruction.events_deleted
import data.parapet.fixtures

messages(an_event) := {v.message | some v in events_deleted.violation with input as an_event}

remove(verb, reference, fields) := fixtures.request(verb, object.union({"resource": "events", "namespace": "shop"}, reference), fields)

test_one_and_all_in_both_groups if {
	every group in [{}, {"apiGroup": "events.k8s.io"}] {
		messages(remove("deletecollection", group, {})) == {"admin@example.com deleted all events in namespace shop"}
		messages(remove("delete", object.union(group, {"name": "web.17"}), {})) == {
			"admin@example.com deleted event web.17 in namespace shop",
		}
	}
}

test_a_denied_attempt if {
	messages(remove("deletecollection", {}, fixtures.denied)) == {
		"admin@example.com was denied when trying to delete all events in namespace shop",
	}
}

test_the_namespace_controller_is_not if {
	cleaner := {"user": fixtures.account("kube-system", "namespace-controller")}
	messages(remove("deletecollection", {}, cleaner)) == set()
}

test_other_requests_are_not if {
	every verb in {"create", "update", "patch", "list"} {
		messages(remove(verb, {}, {})) == set()
	}
	messages(fixtures.request("deletecollection", {"resource": "pods"}, {})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(remove("deletecollection", {}, {}), field))) == 1
	}
}
