package guardrails.rbac.cluster_admin_granted_test

import data.guardrails.rbac.cluster_admin_granted
import data.parapet.fixtures

messages(an_event) := {v.message | some v in cluster_admin_granted.violation with input as an_event}

bob := {"kind": "User", "name": "bob@example.com"}

binding(role, subjects) := {"roleRef": {"kind": "ClusterRole", "name": role}, "subjects": subjects}

write(verb, resource, name, body) := fixtures.request(verb, {"resource": resource, "name": name}, {"requestObject": body})

test_says_who_what_to_whom if {
	account := {"kind": "ServiceAccount", "namespace": "shop", "name": "web"}
	messages(write("create", "clusterrolebindings", "oops", binding("cluster-admin", [bob, account]))) == {concat(" ", [
		"admin@example.com created cluster role binding oops, which grants cluster-admin to",
		"bob@example.com, service account shop/web",
	])}
}

test_both_bindings_and_every_verb if {
	every resource in {"clusterrolebindings", "rolebindings"} {
		every verb in fixtures.write_verbs {
			count(messages(write(verb, resource, "oops", binding("cluster-admin", [bob])))) == 1
		}
	}
}

test_a_patch_of_the_built_in_binding if {
	count(messages(write("patch", "clusterrolebindings", "cluster-admin", {"subjects": [bob]}))) == 1
	count(messages(write("patch", "clusterrolebindings", "cluster-admin", [{"op": "add", "path": "/subjects/-", "value": bob}]))) == 1
}

test_the_response_names_the_role if {
	patched := object.union(
		write("patch", "clusterrolebindings", "oops", {"subjects": [bob]}),
		{"responseObject": binding("cluster-admin", [bob])},
	)
	messages(patched) == {
		"admin@example.com changed cluster role binding oops, which grants cluster-admin to bob@example.com",
	}
}

test_system_masters_as_a_subject if {
	masters := {"kind": "Group", "name": "system:masters"}
	count(messages(write("create", "clusterrolebindings", "x", binding("view", [masters])))) == 1
}

test_a_controller_is_reported_too if {
	by_controller := object.union(write("create", "clusterrolebindings", "x", binding("cluster-admin", [bob])), {"user": fixtures.controller})
	count(messages(by_controller)) == 1
}

test_a_patch_of_a_name if {
	count(messages(write("patch", "clusterrolebindings", "x", [{"op": "replace", "path": "/subjects/0/name", "value": "system:masters"}]))) == 1
}

test_other_bindings_are_not if {
	every role in {"view", "edit", "admin", "cluster-admin-lite"} {
		messages(write("create", "clusterrolebindings", "x", binding(role, [bob]))) == set()
	}
	messages(write("delete", "clusterrolebindings", "cluster-admin", {})) == set()
	messages(write("patch", "clusterroles", "cluster-admin", {})) == set()
}

test_the_api_server_at_its_start_is_not if {
	at_start := object.union(
		write("create", "clusterrolebindings", "cluster-admin", binding("cluster-admin", [bob])),
		{"user": fixtures.apiserver},
	)
	messages(at_start) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(write("create", "clusterrolebindings", "x", binding("cluster-admin", [bob])), field))) == 1
	}
	count(messages(write("create", "clusterrolebindings", "x", {"roleRef": {"name": "cluster-admin"}}))) == 1
}
