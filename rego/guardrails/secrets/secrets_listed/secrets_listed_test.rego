package guardrails.secrets.secrets_listed_test

import data.guardrails.secrets.secrets_listed
import data.parapet.fixtures

messages(an_event) := {v.message | some v in secrets_listed.violation with input as an_event}

read(verb, reference, fields) := fixtures.request(verb, object.union({"resource": "secrets"}, reference), fields)

test_list_and_watch_here_and_everywhere if {
	messages(read("list", {}, {})) == {"admin@example.com listed secrets in the whole cluster"}
	messages(read("watch", {"namespace": "shop"}, {})) == {"admin@example.com watched secrets in namespace shop"}
}

test_a_denied_attempt if {
	messages(read("list", {"namespace": "shop"}, fixtures.denied)) == {
		"admin@example.com was denied when trying to list secrets in namespace shop",
	}
}

test_impersonation_is_told if {
	messages(read("list", {}, {"impersonatedUser": {"username": "alice@example.com"}})) == {
		"admin@example.com acting as alice@example.com listed secrets in the whole cluster",
	}
}

test_service_accounts_and_anonymous_callers_too if {
	every user in [fixtures.account("shop", "web"), fixtures.account("kube-system", "default"), fixtures.anonymous] {
		count(messages(read("list", {}, {"user": user}))) == 1
	}
}

test_the_cluster_itself_is_not if {
	every user in [fixtures.apiserver, fixtures.kubelet, fixtures.controller] {
		messages(read("list", {}, {"user": user})) == set()
		messages(read("watch", {}, {"user": user})) == set()
	}
}

test_one_secret_is_not_a_list if {
	messages(read("get", {"namespace": "shop", "name": "db"}, {})) == set()
	messages(read("watch", {"namespace": "shop", "name": "db"}, {})) == set()
	messages(fixtures.request("list", {"resource": "configmaps"}, {})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(read("list", {}, {}), field))) == 1
	}
}
