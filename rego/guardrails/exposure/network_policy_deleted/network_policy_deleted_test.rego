package guardrails.exposure.network_policy_deleted_test

import data.guardrails.exposure.network_policy_deleted
import data.parapet.fixtures

messages(an_event) := {v.message | some v in network_policy_deleted.violation with input as an_event}

remove(verb, resource, fields) := fixtures.request(verb, {"resource": resource, "namespace": "payments", "name": "deny-all"}, fields)

test_says_who_what_where if {
	messages(remove("delete", "networkpolicies", {})) == {
		"admin@example.com deleted network policy deny-all in namespace payments",
	}
}

test_every_kind_and_verb if {
	every resource in {"networkpolicies", "globalnetworkpolicies", "ciliumnetworkpolicies", "adminnetworkpolicies"} {
		every verb in {"delete", "deletecollection"} {
			count(messages(remove(verb, resource, {}))) == 1
		}
	}
}

test_others_are_not if {
	messages(remove("create", "networkpolicies", {})) == set()
	messages(remove("delete", "configmaps", {})) == set()
	messages(remove("delete", "networkpolicies", {"user": fixtures.account("kube-system", "namespace-controller")})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(remove("delete", "networkpolicies", {}), field))) == 1
	}
}
