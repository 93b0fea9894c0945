package guardrails.secrets.token_requested_test

import data.guardrails.secrets.token_requested
import data.parapet.fixtures

messages(an_event) := {v.message | some v in token_requested.violation with input as an_event}

ask(user, namespace, name) := fixtures.request(
	"create",
	{"resource": "serviceaccounts", "namespace": namespace, "name": name, "subresource": "token"},
	{"user": user, "requestObject": {"spec": {}}, "responseObject": {"status": {"token": "eyJ.hunter2.x"}}},
)

test_people_and_other_accounts if {
	messages(ask(fixtures.admin, "kube-system", "default")) == {
		"admin@example.com got a token for service account default in namespace kube-system",
	}
	count(messages(ask(fixtures.account("shop", "web"), "shop", "api"))) == 1
	count(messages(ask(fixtures.account("shop", "web"), "payments", "web"))) == 1
}

test_a_controller_that_asks_for_another if {
	count(messages(ask(fixtures.controller, "kube-system", "clusterrole-aggregation-controller"))) == 1
}

test_a_denied_attempt if {
	messages(object.union(ask(fixtures.admin, "shop", "web"), fixtures.denied)) == {
		"admin@example.com was denied when trying to get a token for service account web in namespace shop",
	}
}

test_the_token_is_not_told if {
	every message in messages(ask(fixtures.admin, "shop", "web")) {
		not contains(message, "hunter2")
	}
}

test_ones_own_token_is_not if {
	messages(ask(fixtures.account("shop", "web"), "shop", "web")) == set()
}

test_kubelets_and_the_controller_manager_are_not if {
	every user in [fixtures.kubelet, {"username": "system:kube-controller-manager"}] {
		messages(ask(user, "kube-system", "node-controller")) == set()
	}
}

test_other_requests_are_not if {
	messages(fixtures.request("create", {"resource": "serviceaccounts", "namespace": "shop", "name": "web"}, {})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(ask(fixtures.admin, "shop", "web"), field))) == 1
	}
}
