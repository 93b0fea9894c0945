package guardrails.destruction.mass_deletion_test

import data.guardrails.destruction.mass_deletion
import data.parapet.fixtures

messages(an_event) := {v.message | some v in mass_deletion.violation with input as an_event}

remove(reference, fields) := fixtures.request("deletecollection", reference, fields)

test_says_who_what_where if {
	messages(remove({"resource": "deployments", "namespace": "shop"}, {})) == {
		"admin@example.com deleted all deployments in namespace shop",
	}
	messages(remove({"resource": "persistentvolumes"}, fixtures.denied)) == {
		"admin@example.com was denied when trying to delete all persistentvolumes in the whole cluster",
	}
}

test_every_kind if {
	every resource in {"pods", "secrets", "configmaps", "widgets", "persistentvolumeclaims"} {
		count(messages(remove({"resource": resource, "namespace": "shop"}, {}))) == 1
	}
}

test_others_are_not if {
	messages(remove({"resource": "events", "namespace": "shop"}, {})) == set()
	messages(fixtures.request("delete", {"resource": "deployments", "name": "web"}, {})) == set()
	messages(remove({"resource": "pods"}, {"user": fixtures.account("kube-system", "namespace-controller")})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(remove({"resource": "pods", "namespace": "shop"}, {}), field))) == 1
	}
}
