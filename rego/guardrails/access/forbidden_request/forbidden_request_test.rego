package guardrails.access.forbidden_request_test

import data.guardrails.access.forbidden_request
import data.parapet.fixtures

messages(an_event) := {v.message | some v in forbidden_request.violation with input as an_event}

probe(verb, reference, fields) := fixtures.request(verb, reference, object.union(fixtures.denied, fields))

test_says_who_what_where if {
	messages(probe("list", {"resource": "nodes"}, {})) == {
		"admin@example.com was denied when trying to list nodes in the whole cluster",
	}
	messages(probe("get", {"resource": "pods", "namespace": "shop", "name": "web", "subresource": "log"}, {})) == {
		"admin@example.com was denied when trying to read pod web in namespace shop",
	}
}

test_paths_without_an_object if {
	messages(fixtures.event(object.union(fixtures.denied, {"verb": "get", "requestURI": "/metrics?x=y"}))) == {
		"admin@example.com was denied when trying to read /metrics",
	}
}

test_service_accounts_too if {
	count(messages(probe("list", {"resource": "pods"}, {"user": fixtures.account("shop", "web")}))) == 1
}

test_only_the_authorizer_counts if {
	forbid := {"annotations": {"authorization.k8s.io/decision": "forbid"}}
	allow := {"annotations": {"authorization.k8s.io/decision": "allow"}}
	count(messages(probe("list", {"resource": "pods"}, forbid))) == 1
	messages(probe("create", {"resource": "pods"}, allow)) == set()
}

test_other_outcomes_are_not if {
	every code in {200, 201, 401, 404, 409, 422} {
		messages(probe("list", {"resource": "pods"}, {"responseStatus": {"code": code}})) == set()
	}
}

test_the_cluster_itself_and_anonymous_callers_are_not if {
	every user in [fixtures.kubelet, fixtures.controller, {"username": "system:kube-controller-manager"}, fixtures.anonymous] {
		messages(probe("list", {"resource": "pods"}, {"user": user})) == set()
	}
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields_but({"responseStatus"}) {
		count(messages(fixtures.without(probe("list", {"resource": "pods"}, {}), field))) == 1
	}
}
