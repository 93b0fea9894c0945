package guardrails.workloads.added_capability_test

import data.guardrails.workloads.added_capability
import data.parapet.fixtures

messages(an_event) := {v.message | some v in added_capability.violation with input as an_event}

with_capability(name) := {"name": "main", "securityContext": {"capabilities": {"drop": ["ALL"], "add": ["CHOWN", name]}}}

admin := with_capability("SYS_ADMIN")

test_says_who_what_where if {
	messages(fixtures.workload("create", "pods", {"containers": [admin, with_capability("cap_net_raw")]})) == {
		"admin@example.com created pod web in namespace shop with added capabilities: NET_RAW, SYS_ADMIN",
	}
}

test_dangerous_capabilities if {
	every name in {"SYS_ADMIN", "CAP_SYS_ADMIN", "sys_ptrace", "NET_ADMIN", "NET_RAW", "SYS_MODULE", "BPF", "ALL", "DAC_READ_SEARCH"} {
		count(messages(fixtures.workload("create", "pods", {"containers": [with_capability(name)]}))) == 1
	}
}

test_every_kind_list_and_verb if {
	every kind, _ in fixtures.pod_paths {
		every list in fixtures.container_lists {
			every verb in fixtures.write_verbs {
				count(messages(fixtures.workload(verb, kind, {list: [{"name": "a"}, admin]}))) == 1
			}
		}
		count(messages(fixtures.json_patch(kind, "/containers/-", admin))) == 1
		count(messages(fixtures.json_patch(kind, "/initContainers/0/securityContext", admin.securityContext))) == 1
	}
}

test_a_patch_that_adds_one if {
	count(messages(fixtures.json_patch("deployments", "/containers/0/securityContext/capabilities/add/-", "SYS_ADMIN"))) == 1
	count(messages(fixtures.json_patch("deployments", "/containers/0/securityContext/capabilities/add", ["SYS_ADMIN"]))) == 1
}

test_baseline_capabilities_and_dropping_are_not if {
	every name in {"NET_BIND_SERVICE", "CAP_CHOWN", "setuid"} {
		messages(fixtures.workload("create", "pods", {"containers": [with_capability(name)]})) == set()
	}
	messages(fixtures.workload("create", "pods", {"containers": [{"securityContext": {"capabilities": {"drop": ["SYS_ADMIN"]}}}]})) == set()
	messages(fixtures.workload_by(fixtures.controller, "create", "pods", {"containers": [admin]})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(fixtures.workload("create", "pods", {"containers": [admin]}), field))) == 1
	}
}
