package guardrails.secrets.token_long_lived_test

import data.guardrails.secrets.token_long_lived
import data.parapet.fixtures

messages(an_event) := {v.message | some v in token_long_lived.violation with input as an_event}

ask(user, seconds) := fixtures.request(
	"create",
	{"resource": "serviceaccounts", "namespace": "shop", "name": "web", "subresource": "token"},
	{"user": user, "requestObject": {"spec": {"expirationSeconds": seconds}}},
)

test_says_who_for_whom_how_long if {
	messages(ask(fixtures.admin, 31536000)) == {
		"admin@example.com got a token for service account web in namespace shop that is valid for 365 days or more",
	}
}

test_the_limit if {
	messages(ask(fixtures.admin, 86400)) == set()
	count(messages(ask(fixtures.admin, 86401))) == 1
	messages(ask(fixtures.admin, 3600)) == set()
}

test_for_oneself_too if {
	count(messages(ask(fixtures.account("shop", "web"), 604800))) == 1
}

test_kubelets_are_not if {
	messages(ask(fixtures.kubelet, 604800)) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(ask(fixtures.admin, 604800), field))) == 1
	}
}
