package guardrails.rbac.default_account_bound_test

import data.guardrails.rbac.default_account_bound
import data.parapet.fixtures

messages(an_event) := {v.message | some v in default_account_bound.violation with input as an_event}

write(verb, resource, body) := fixtures.request(verb, {"resource": resource, "name": "x"}, {"requestObject": body})

default_account := {"kind": "ServiceAccount", "name": "default", "namespace": "shop"}

by_user_name := {"kind": "User", "name": "system:serviceaccount:shop:default"}

test_says_who_what_to_whom if {
	messages(write("create", "rolebindings", {"subjects": [default_account]})) == {
		"admin@example.com created role binding x, which gives rights to service account shop/default",
	}
}

test_both_forms_bindings_and_every_verb if {
	every subject in [default_account, by_user_name] {
		every resource in {"clusterrolebindings", "rolebindings"} {
			every verb in fixtures.write_verbs {
				count(messages(write(verb, resource, {"subjects": [subject]}))) == 1
			}
			count(messages(write("patch", resource, [{"op": "add", "path": "/subjects/-", "value": subject}]))) == 1
		}
	}
}

test_a_patch_of_a_name if {
	count(messages(write("patch", "clusterrolebindings", [{"op": "replace", "path": "/subjects/0/name", "value": "default"}]))) == 1
}

test_others_are_not if {
	every subject in [
		{"kind": "ServiceAccount", "name": "web", "namespace": "default"},
		{"kind": "User", "name": "default"},
		{"kind": "User", "name": "system:serviceaccount:default:web"},
	] {
		messages(write("create", "rolebindings", {"subjects": [subject]})) == set()
	}
	messages(write("delete", "rolebindings", {"subjects": [default_account]})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(write("create", "rolebindings", {"subjects": [default_account]}), field))) == 1
	}
}
