package guardrails.workloads.host_namespace_test

import data.guardrails.workloads.host_namespace
import data.parapet.fixtures

messages(an_event) := {v.message | some v in host_namespace.violation with input as an_event}

test_says_who_what_where if {
	messages(fixtures.workload("create", "pods", {"hostPID": true, "hostNetwork": true})) == {concat(" ", [
		"admin@example.com created pod web in namespace shop,",
		"sharing the network (hostNetwork) and processes (hostPID) of its node",
	])}
}

test_every_kind_verb_and_namespace if {
	every kind, _ in fixtures.pod_paths {
		every field in {"hostPID", "hostNetwork", "hostIPC"} {
			every verb in fixtures.write_verbs {
				count(messages(fixtures.workload(verb, kind, {field: true}))) == 1
			}
			count(messages(fixtures.json_patch(kind, concat("/", ["", field]), true))) == 1
		}
	}
}

test_others_are_not if {
	messages(fixtures.workload("create", "pods", {"hostPID": false, "hostUsers": true})) == set()
	messages(fixtures.workload_by(fixtures.controller, "create", "pods", {"hostPID": true})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(fixtures.workload("create", "pods", {"hostPID": true}), field))) == 1
	}
}
