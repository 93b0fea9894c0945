package parapet.request_test

import data.parapet.fixtures
import data.parapet.lib

patch(operations) := fixtures.request("patch", {"resource": "pods"}, {"requestObject": operations})

test_an_object_is_its_own_document if {
	lib.documents == {{"spec": {}}} with input as fixtures.request("create", {"resource": "pods"}, {"requestObject": {"spec": {}}})
}

test_no_request_object_no_documents if {
	lib.documents == set() with input as fixtures.request("create", {"resource": "pods"}, {})
}

cases := [
	{"path": "", "value": {"a": 1}, "want": {"a": 1}},
	{"path": "/spec", "value": {"type": "NodePort"}, "want": {"spec": {"type": "NodePort"}}},
	{"path": "/spec/type", "value": "NodePort", "want": {"spec": {"type": "NodePort"}}},
	{"path": "/subjects/0", "value": {"name": "x"}, "want": {"subjects": [{"name": "x"}]}},
	{"path": "/rules/-", "value": {"verbs": ["x"]}, "want": {"rules": [{"verbs": ["x"]}]}},
	{"path": "/metadata/labels", "value": {"a": "b"}, "want": {"metadata": {"labels": {"a": "b"}}}},
	{"path": "/rules", "value": null, "want": {"rules": null}},
]

test_a_json_patch_is_read_as_documents if {
	every case in cases {
		case.want in lib.documents with input as patch([{"op": "add", "path": case.path, "value": case.value}])
		case.want in lib.documents with input as patch([{"op": "replace", "path": case.path, "value": case.value}])
	}
}

test_other_operations_write_nothing_that_is_seen if {
	operations := [
		{"op": "remove", "path": "/spec/a"},
		{"op": "test", "path": "/spec/a", "value": 1},
		{"op": "copy", "path": "/spec/a", "from": "/spec/b"},
		{"op": "move", "path": "/spec/a", "from": "/spec/b"},
	]
	lib.documents == {operations} with input as patch(operations)
}

test_malformed_operations_are_passed_over if {
	operations := ["x", 1, {"op": "add"}, {"op": "add", "path": 7, "value": 1}, {"path": "/a", "value": 1}, null]
	lib.documents == {operations} with input as patch(operations)
}
