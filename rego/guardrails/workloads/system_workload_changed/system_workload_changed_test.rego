package guardrails.workloads.system_workload_changed_test

import data.guardrails.workloads.system_workload_changed
import data.parapet.fixtures

messages(an_event) := {v.message | some v in system_workload_changed.violation with input as an_event}

change(verb, kind, namespace, fields) := fixtures.request(verb, {"resource": kind, "namespace": namespace, "name": "kube-helper"}, fields)

test_says_who_what_where if {
	messages(change("create", "pods", "kube-system", {})) == {
		"admin@example.com created pod kube-helper in namespace kube-system",
	}
}

test_every_kind_verb_and_namespace if {
	every kind, _ in fixtures.pod_paths {
		every verb in fixtures.write_verbs {
			every namespace in {"kube-system", "kube-public", "kube-node-lease"} {
				count(messages(change(verb, kind, namespace, {}))) == 1
			}
		}
	}
}

test_scaling_deleting_and_debugging if {
	scale := {"resource": "deployments", "namespace": "kube-system", "name": "coredns", "subresource": "scale"}
	messages(fixtures.request("patch", scale, {})) == {
		"admin@example.com scaled deployment coredns in namespace kube-system",
	}
	count(messages(change("delete", "daemonsets", "kube-system", {}))) == 1
	count(messages(change("deletecollection", "daemonsets", "kube-system", {}))) == 1
	debug := {"resource": "pods", "namespace": "kube-system", "name": "a", "subresource": "ephemeralcontainers"}
	count(messages(fixtures.request("patch", debug, {}))) == 1
}

test_system_namespaces_are_data if {
	messages(change("create", "pods", "monitoring", {})) == set()
	count(messages(change("create", "pods", "monitoring", {}))) == 1 with data.org.system_namespaces as ["monitoring"]
}

test_other_requests_are_not if {
	messages(change("get", "pods", "kube-system", {})) == set()
	messages(change("delete", "pods", "kube-system", {})) == set()
	messages(change("create", "services", "kube-system", {})) == set()
	exec := {"resource": "pods", "namespace": "kube-system", "name": "a", "subresource": "exec"}
	messages(fixtures.request("create", exec, {})) == set()
}

test_the_cluster_itself_is_not if {
	every user in [fixtures.controller, fixtures.kubelet, fixtures.apiserver] {
		messages(change("create", "pods", "kube-system", {"user": user})) == set()
	}
	count(messages(change("create", "pods", "kube-system", {"user": fixtures.account("kube-system", "default")}))) == 1
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields_but({"objectRef/namespace"}) {
		count(messages(fixtures.without(change("create", "pods", "kube-system", {}), field))) == 1
	}
}
