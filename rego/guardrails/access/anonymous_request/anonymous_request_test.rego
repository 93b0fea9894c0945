package guardrails.access.anonymous_request_test

import data.guardrails.access.anonymous_request
import data.parapet.fixtures

anonymously(uri, fields) := fixtures.event(object.union({"user": fixtures.anonymous, "verb": "get", "requestURI": uri}, fields))

messages(an_event) := {v.message | some v in anonymous_request.violation with input as an_event}

test_denied_is_reported if {
	messages(anonymously("/api/v1/secrets", object.union(
		{"verb": "list", "objectRef": {"resource": "secrets"}},
		fixtures.denied,
	))) == {"an anonymous caller from 192.0.2.7 was denied when trying to list secrets in the whole cluster"}
}

test_allowed_is_reported if {
	messages(anonymously("/api/v1/pods", {"verb": "list", "objectRef": {"resource": "pods"}})) == {
		"an anonymous caller from 192.0.2.7 listed pods in the whole cluster",
	}
}

test_identity_comes_from_metadata if {
	some violation in anonymous_request.violation with input as anonymously("/metrics", {})
	violation.id == "anonymous-request"
	violation.priority == "Warning"
}

test_health_and_version_are_not if {
	every uri in {"/healthz", "/livez?verbose", "/readyz/ping", "/version", "/version/", "/healthz/poststarthook/x?a=b", "/openid/v1/jwks", "/.well-known/openid-configuration"} {
		messages(anonymously(uri, {})) == set()
	}
}

test_what_only_looks_like_health_is if {
	every uri in {"/healthzz", "/api/v1/namespaces/healthz", "/", "/apis", "/metrics", "/healthz.txt", "/openid/v2", "/openapi/v2"} {
		count(messages(anonymously(uri, {}))) == 1
	}
	count(messages(anonymously("/healthz", {"objectRef": {"resource": "secrets"}}))) == 1
}

test_joining_node_is_not if {
	cluster_info := {"resource": "configmaps", "namespace": "kube-public", "name": "cluster-info"}
	messages(anonymously("/api", {"objectRef": cluster_info})) == set()
	count(messages(anonymously("/api", {"verb": "patch", "objectRef": cluster_info}))) == 1
}

test_others_are_not if {
	messages(fixtures.event({"verb": "get", "requestURI": "/api"})) == set()
}

test_waits_for_the_answer if {
	messages(anonymously("/api", {"stage": "RequestReceived"})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(anonymously("/api", {}), field))) == 1
	}
}
