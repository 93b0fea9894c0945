package parapet.rbac_test

import data.parapet.fixtures
import data.parapet.lib

bind(subjects) := fixtures.request("create", {"resource": "rolebindings", "name": "x"}, {
	"requestObject": {"roleRef": {"name": "view"}, "subjects": subjects},
})

test_subjects_in_words if {
	lib.subject_names == "bob, group ops, service account ?/a, service account shop/web" with input as bind([
		{"kind": "ServiceAccount", "namespace": "shop", "name": "web"},
		{"kind": "ServiceAccount", "name": "a"},
		{"kind": "Group", "name": "ops"},
		{"kind": "User", "name": "bob"},
	])
	lib.subject_names == "bob" with input as bind([{"name": "bob"}])
}

test_no_subjects_in_words if {
	lib.subject_names == "its subjects" with input as bind([])
}

test_the_role_can_be_in_the_response if {
	patched := object.union(fixtures.request("patch", {"resource": "rolebindings", "name": "x"}, {"requestObject": {"subjects": []}}), {
		"responseObject": {"roleRef": {"name": "edit"}},
	})
	lib.bound_roles == {"edit"} with input as patched
}

test_roles_in_words if {
	lib.bound_role_names == "the role view" with input as bind([])
	lib.bound_role_names == "its role" with input as object.union(bind([]), {"requestObject": []})
}

test_only_bindings_and_roles_of_outsiders if {
	lib.is_binding_write with input as bind([])
	not lib.is_role_write with input as bind([])
	not lib.is_binding_write with input as object.union(bind([]), {"user": fixtures.apiserver})
}
