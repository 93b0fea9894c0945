package guardrails.access.impersonation_test

import data.guardrails.access.impersonation
import data.parapet.fixtures

messages(an_event) := {v.message | some v in impersonation.violation with input as an_event}

acting(as_user, fields) := fixtures.request("list", {"resource": "secrets", "namespace": "shop"}, object.union(
	{"impersonatedUser": {"username": as_user, "groups": ["system:authenticated"]}},
	fields,
))

test_says_who_as_whom if {
	messages(acting("alice@example.com", {})) == {
		"admin@example.com acting as alice@example.com listed secrets in namespace shop",
	}
	messages(acting("alice@example.com", fixtures.denied)) == {
		"admin@example.com acting as alice@example.com was denied when trying to list secrets in namespace shop",
	}
}

test_whoever_is_impersonated if {
	every name in {"system:apiserver", "system:serviceaccount:kube-system:x", "system:anonymous", "bob"} {
		count(messages(acting(name, {}))) == 1
	}
}

test_service_accounts_impersonate_too if {
	count(messages(acting("alice@example.com", {"user": fixtures.account("shop", "web")}))) == 1
}

test_the_cluster_itself_and_ordinary_requests_are_not if {
	messages(acting("alice@example.com", {"user": fixtures.controller})) == set()
	messages(fixtures.request("list", {"resource": "secrets"}, {})) == set()
}

test_discovery_is_not if {
	every uri in {"/api", "/apis?timeout=32s", "/apis/apps/v1", "/openapi/v3", "/version"} {
		an_event := object.union(object.remove(acting("bob", {}), ["objectRef"]), {"verb": "get", "requestURI": uri})
		messages(an_event) == set()
	}
	metrics := object.union(object.remove(acting("bob", {}), ["objectRef"]), {"verb": "get", "requestURI": "/metrics"})
	count(messages(metrics)) == 1
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields_but({"impersonatedUser"}) {
		count(messages(fixtures.without(acting("alice@example.com", {}), field))) == 1
	}
}
