package guardrails.controlplane.node_changed_test

import data.guardrails.controlplane.node_changed
import data.parapet.fixtures

messages(an_event) := {v.message | some v in node_changed.violation with input as an_event}

change(verb, fields) := fixtures.request(verb, {"resource": "nodes", "name": "worker-1"}, fields)

test_says_who_what if {
	messages(change("patch", {})) == {"admin@example.com changed node worker-1"}
	messages(change("delete", fixtures.denied)) == {"admin@example.com was denied when trying to delete node worker-1"}
}

test_every_verb if {
	every verb in {"create", "update", "patch", "delete", "deletecollection"} {
		count(messages(change(verb, {}))) == 1
	}
	count(messages(fixtures.request("patch", {"resource": "nodes", "name": "a", "subresource": "status"}, {}))) == 1
}

test_others_are_not if {
	messages(change("get", {})) == set()
	messages(fixtures.request("create", {"resource": "nodes", "name": "a", "subresource": "proxy"}, {})) == set()
	every user in [fixtures.kubelet, fixtures.account("kube-system", "node-controller")] {
		messages(change("patch", {"user": user})) == set()
	}
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(change("patch", {}), field))) == 1
	}
}
