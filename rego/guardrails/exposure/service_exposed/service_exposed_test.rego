package guardrails.exposure.service_exposed_test

import data.guardrails.exposure.service_exposed
import data.parapet.fixtures

messages(an_event) := {v.message | some v in service_exposed.violation with input as an_event}

write(verb, body) := fixtures.request(verb, {"resource": "services", "namespace": "payments", "name": "ext"}, {"requestObject": body})

test_says_who_what_where if {
	messages(write("create", {"spec": {"type": "NodePort"}})) == {concat(" ", [
		"admin@example.com created service ext in namespace payments,",
		"which opens it on a port of every node (NodePort)",
	])}
}

test_both_types_and_every_write if {
	every type in {"NodePort", "LoadBalancer"} {
		every verb in fixtures.write_verbs {
			count(messages(write(verb, {"spec": {"type": type}}))) == 1
		}
		count(messages(write("patch", [{"op": "replace", "path": "/spec/type", "value": type}]))) == 1
	}
}

test_others_are_not if {
	messages(write("create", {"spec": {"type": "ClusterIP"}})) == set()
	messages(write("create", {"spec": {}})) == set()
	messages(write("delete", {"spec": {"type": "NodePort"}})) == set()
	messages(object.union(write("update", {"spec": {"type": "LoadBalancer"}}), {"user": fixtures.account("kube-system", "service-controller")})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(write("create", {"spec": {"type": "NodePort"}}), field))) == 1
	}
}
