package guardrails.controlplane.dns_config_changed_test

import data.guardrails.controlplane.dns_config_changed
import data.parapet.fixtures

messages(an_event) := {v.message | some v in dns_config_changed.violation with input as an_event}

change(verb, name, fields) := fixtures.request(verb, {"resource": "configmaps", "namespace": "kube-system", "name": name}, fields)

test_says_who_what if {
	messages(change("create", "coredns", {})) == {concat(" ", [
		"admin@example.com created config map coredns in namespace kube-system,",
		"which tells the cluster's name service where to look",
	])}
}

test_every_name_and_verb if {
	every name in {"coredns", "coredns-custom", "kube-dns", "node-local-dns"} {
		every verb in {"create", "update", "patch", "delete"} {
			count(messages(change(verb, name, {}))) == 1
		}
	}
}

test_others_are_not if {
	messages(change("get", "coredns", {})) == set()
	messages(change("patch", "kube-proxy", {})) == set()
	messages(fixtures.request("create", {"resource": "configmaps", "namespace": "shop", "name": "coredns"}, {})) == set()
	messages(change("patch", "coredns", {"user": fixtures.controller})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields_but({"objectRef/name", "objectRef/namespace"}) {
		count(messages(fixtures.without(change("create", "coredns", {}), field))) == 1
	}
}
