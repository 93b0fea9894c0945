package guardrails.workloads.privileged_container_test

import data.guardrails.workloads.privileged_container
import data.parapet.fixtures

messages(an_event) := {v.message | some v in privileged_container.violation with input as an_event}

privileged := {"name": "main", "image": "a", "securityContext": {"privileged": true}}

ordinary := {"name": "side", "image": "a", "securityContext": {"privileged": false}}

test_says_who_what_where if {
	messages(fixtures.workload("create", "pods", {"containers": [ordinary, privileged]})) == {
		"admin@example.com created pod web in namespace shop with privileged containers: main",
	}
}

test_every_kind_list_and_verb if {
	every kind, _ in fixtures.pod_paths {
		every list in fixtures.container_lists {
			every verb in fixtures.write_verbs {
				count(messages(fixtures.workload(verb, kind, {list: [ordinary, privileged]}))) == 1
			}
		}
	}
}

test_json_patches if {
	every kind, _ in fixtures.pod_paths {
		count(messages(fixtures.json_patch(kind, "/containers/0/securityContext/privileged", true))) == 1
		count(messages(fixtures.json_patch(kind, "/containers/0/securityContext", {"privileged": true}))) == 1
		count(messages(fixtures.json_patch(kind, "/initContainers/-", privileged))) == 1
		count(messages(fixtures.json_patch(kind, "/containers", [ordinary, privileged]))) == 1
		count(messages(fixtures.json_patch(kind, "", {"containers": [privileged]}))) == 1
	}
}

test_ephemeral_containers if {
	every verb in {"update", "patch"} {
		count(messages(fixtures.request(
			verb,
			{"resource": "pods", "namespace": "shop", "name": "web", "subresource": "ephemeralcontainers"},
			{"requestObject": {"spec": {"ephemeralContainers": [privileged]}}},
		))) == 1
	}
}

test_windows_host_process if {
	host_process := {"windowsOptions": {"hostProcess": true}}
	count(messages(fixtures.workload("create", "jobs", {"containers": [{"securityContext": host_process}]}))) == 1
	count(messages(fixtures.workload("create", "jobs", {"securityContext": host_process}))) == 1
}

test_a_denied_attempt if {
	attempt := object.union(fixtures.workload("create", "pods", {"containers": [privileged]}), fixtures.denied)
	messages(attempt) == {
		"admin@example.com was denied when trying to create pod web in namespace shop with privileged containers: main",
	}
}

test_ordinary_workloads_are_not if {
	every kind, _ in fixtures.pod_paths {
		messages(fixtures.workload("create", kind, {"containers": [ordinary], "initContainers": [{"name": "x"}]})) == set()
	}
	messages(fixtures.json_patch("pods", "/containers/0/securityContext/privileged", false)) == set()
}

test_the_cluster_itself_is_not if {
	every user in {fixtures.controller, fixtures.kubelet, fixtures.apiserver} {
		messages(fixtures.workload_by(user, "create", "pods", {"containers": [privileged]})) == set()
	}
	default_account := fixtures.account("kube-system", "default")
	count(messages(fixtures.workload_by(default_account, "create", "pods", {"containers": [privileged]}))) == 1
}

test_a_status_is_not if {
	messages(fixtures.request(
		"update",
		{"resource": "pods", "namespace": "shop", "name": "web", "subresource": "status"},
		{"requestObject": {"spec": {"containers": [privileged]}}},
	)) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(fixtures.workload("create", "pods", {"containers": [privileged]}), field))) == 1
	}
	count(messages(fixtures.workload("create", "pods", {"containers": [{"securityContext": {"privileged": true}}]}))) == 1
}
