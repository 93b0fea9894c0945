package guardrails.secrets.legacy_token_secret_test

import data.guardrails.secrets.legacy_token_secret
import data.parapet.fixtures

messages(an_event) := {v.message | some v in legacy_token_secret.violation with input as an_event}

write(verb, body) := fixtures.request(verb, {"resource": "secrets", "namespace": "shop", "name": "forever"}, {"requestObject": body})

said := "admin@example.com created secret forever in namespace shop, which holds a token that does not expire by itself"

annotated := {"metadata": {"annotations": {"kubernetes.io/service-account.name": "web"}}}

test_by_type_and_by_annotation if {
	messages(write("create", {"type": "kubernetes.io/service-account-token"})) == {said}
	messages(write("create", annotated)) == {said}
	messages(write("create", object.union(annotated, {"type": "kubernetes.io/service-account-token"}))) == {said}
}

test_every_write if {
	every verb in fixtures.write_verbs {
		count(messages(write(verb, {"type": "kubernetes.io/service-account-token"}))) == 1
	}
	count(messages(write("patch", [
		{"op": "add", "path": "/metadata/annotations/kubernetes.io~1service-account.name", "value": "web"},
	]))) == 1
}

test_bootstrap_tokens if {
	count(messages(write("create", {"type": "bootstrap.kubernetes.io/token"}))) == 1
	count(messages(fixtures.request(
		"create",
		{"resource": "secrets", "namespace": "kube-system", "name": "bootstrap-token-abcdef"},
		{"level": "Metadata"},
	))) == 1
}

test_the_token_is_not_told if {
	every message in messages(write("create", object.union(annotated, {"data": {"token": "hunter2"}}))) {
		not contains(message, "hunter2")
	}
}

test_other_secrets_are_not if {
	every type in {"Opaque", "kubernetes.io/tls", "kubernetes.io/dockerconfigjson"} {
		messages(write("create", {"type": type})) == set()
	}
	messages(write("delete", {"type": "kubernetes.io/service-account-token"})) == set()
}

test_the_cluster_itself_is_not if {
	by_manager := object.union(write("update", annotated), {"user": {"username": "system:kube-controller-manager"}})
	messages(by_manager) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(write("create", annotated), field))) == 1
	}
}
