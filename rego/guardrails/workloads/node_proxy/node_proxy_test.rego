package guardrails.workloads.node_proxy_test

import data.guardrails.workloads.node_proxy
import data.parapet.fixtures

messages(an_event) := {v.message | some v in node_proxy.violation with input as an_event}

through(verb, path, fields) := fixtures.request(
	verb,
	{"resource": "nodes", "name": "worker-1", "subresource": "proxy"},
	object.union({"requestURI": concat("", ["/api/v1/nodes/worker-1/proxy", path])}, fields),
)

prometheus := {"user": fixtures.account("monitoring", "prometheus")}

test_says_who_what_where_and_no_query if {
	messages(through("create", "/run/shop/web-0/main?cmd=hunter2", {})) == {concat(" ", [
		"admin@example.com reached the kubelet of node worker-1",
		"(/api/v1/nodes/worker-1/proxy/run/shop/web-0/main)",
	])}
	messages(through("get", "/pods", fixtures.denied)) == {concat(" ", [
		"admin@example.com was denied when trying to reach the kubelet of node worker-1",
		"(/api/v1/nodes/worker-1/proxy/pods)",
	])}
}

test_every_verb if {
	every verb in {"get", "create", "update", "patch", "delete"} {
		count(messages(through(verb, "/", {}))) == 1
	}
}

test_scraping_is_not if {
	every path in {"/metrics", "/metrics/cadvisor", "/stats/summary", "/healthz", "/stats/summary?only_cpu=true"} {
		messages(through("get", path, prometheus)) == set()
	}
}

test_what_only_looks_like_scraping_is if {
	every path in {"/metrics/../run/a/b/c", "/exec/a/b/c?x=/metrics", "/pods", "/metricsx", "/logs/metrics"} {
		count(messages(through("get", path, prometheus))) == 1
	}
	count(messages(through("create", "/metrics", prometheus))) == 1
	count(messages(through("get", "/metrics", {}))) == 1
}

test_other_requests_are_not if {
	messages(fixtures.request("get", {"resource": "nodes", "name": "worker-1"}, {})) == set()
	messages(through("get", "/pods", {"user": fixtures.apiserver})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(through("get", "/pods", {}), field))) == 1
	}
}
