package guardrails.controlplane.system_config_changed_test

import data.guardrails.controlplane.system_config_changed
import data.parapet.fixtures

messages(an_event) := {v.message | some v in system_config_changed.violation with input as an_event}

change(verb, name, fields) := fixtures.request(verb, {"resource": "configmaps", "namespace": "kube-system", "name": name}, fields)

test_says_who_what if {
	messages(change("patch", "aws-auth", {})) == {
		"admin@example.com changed config map aws-auth in namespace kube-system",
	}
}

test_every_verb_and_namespace if {
	every verb in {"create", "update", "patch", "delete", "deletecollection"} {
		count(messages(change(verb, "kube-proxy", {}))) == 1
	}
	count(messages(fixtures.request("patch", {"resource": "configmaps", "namespace": "kube-public", "name": "cluster-info"}, {}))) == 1
	count(messages(fixtures.request("deletecollection", {"resource": "configmaps", "namespace": "kube-system"}, {}))) == 1
}

test_others_are_not if {
	messages(change("get", "kube-proxy", {})) == set()
	messages(change("patch", "coredns", {})) == set()
	messages(fixtures.request("patch", {"resource": "configmaps", "namespace": "shop", "name": "kube-proxy"}, {})) == set()
	every user in [fixtures.controller, fixtures.apiserver, {"username": "aksService"}] {
		messages(change("patch", "kube-proxy", {"user": user})) == set()
	}
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields_but({"objectRef/namespace"}) {
		count(messages(fixtures.without(change("patch", "kube-proxy", {}), field))) == 1
	}
}
