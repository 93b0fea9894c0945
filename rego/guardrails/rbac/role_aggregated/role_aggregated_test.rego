package guardrails.rbac.role_aggregated_test

import data.guardrails.rbac.role_aggregated
import data.parapet.fixtures

messages(an_event) := {v.message | some v in role_aggregated.violation with input as an_event}

label := "rbac.authorization.k8s.io/aggregate-to-view"

write(verb, labels) := fixtures.request(verb, {"resource": "clusterroles", "name": "x"}, {
	"requestObject": {"metadata": {"labels": labels}},
})

test_says_who_what if {
	messages(write("create", {label: "true", "app": "x"})) == {
		"admin@example.com created cluster role x so that its rules are added to the role view",
	}
}

test_every_write if {
	every verb in fixtures.write_verbs {
		count(messages(write(verb, {label: "true"}))) == 1
	}
	count(messages(fixtures.request("patch", {"resource": "clusterroles", "name": "x"}, {"requestObject": [
		{"op": "add", "path": "/metadata/labels/rbac.authorization.k8s.io~1aggregate-to-edit", "value": "true"},
	]}))) == 1
}

test_others_are_not if {
	messages(write("create", {label: "false"})) == set()
	messages(write("create", {"app": "true"})) == set()
	messages(object.union(write("create", {label: "true"}), {"user": fixtures.apiserver})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(write("create", {label: "true"}), field))) == 1
	}
}
