package guardrails.rbac.everyone_bound_test

import data.guardrails.rbac.everyone_bound
import data.parapet.fixtures

messages(an_event) := {v.message | some v in everyone_bound.violation with input as an_event}

write(verb, resource, body) := fixtures.request(verb, {"resource": resource, "name": "x"}, {"requestObject": body})

group(name) := {"kind": "Group", "name": name}

binding(subject) := {"roleRef": {"name": "view"}, "subjects": [subject]}

test_says_who_what_to_whom if {
	messages(write("create", "clusterrolebindings", binding(group("system:authenticated")))) == {concat(" ", [
		"admin@example.com created cluster role binding x,",
		"which binds the group system:authenticated to the role view",
	])}
}

test_every_wide_group_and_verb if {
	every name in {"system:authenticated", "system:serviceaccounts", "system:serviceaccounts:shop"} {
		every resource in {"clusterrolebindings", "rolebindings"} {
			every verb in fixtures.write_verbs {
				count(messages(write(verb, resource, binding(group(name))))) == 1
			}
		}
		count(messages(write("patch", "rolebindings", [{"op": "add", "path": "/subjects/-", "value": group(name)}]))) == 1
	}
}

test_a_patch_of_a_name if {
	count(messages(write("patch", "clusterrolebindings", [{"op": "replace", "path": "/subjects/0/name", "value": "system:authenticated"}]))) == 1
}

test_others_are_not if {
	every name in {"developers", "system:masters", "system:nodes", "system:authenticated-not", "not-system:authenticated"} {
		messages(write("create", "clusterrolebindings", binding(group(name)))) == set()
	}
	messages(write("create", "clusterrolebindings", binding({"kind": "User", "name": "system:authenticated"}))) == set()
	at_start := object.union(write("create", "clusterrolebindings", binding(group("system:authenticated"))), {"user": fixtures.apiserver})
	messages(at_start) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(write("create", "rolebindings", binding(group("system:authenticated"))), field))) == 1
	}
}
