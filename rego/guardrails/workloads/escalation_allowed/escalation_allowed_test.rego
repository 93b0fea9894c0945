package guardrails.workloads.escalation_allowed_test

import data.guardrails.workloads.escalation_allowed
import data.parapet.fixtures

messages(an_event) := {v.message | some v in escalation_allowed.violation with input as an_event}

escalating := {"name": "main", "securityContext": {"allowPrivilegeEscalation": true}}

test_says_who_what_where if {
	messages(fixtures.workload("create", "pods", {"containers": [escalating]})) == {concat(" ", [
		"admin@example.com created pod web in namespace shop",
		"with containers that may escalate their privileges: main",
	])}
}

test_every_kind_list_and_verb if {
	every kind, _ in fixtures.pod_paths {
		every list in fixtures.container_lists {
			every verb in fixtures.write_verbs {
				count(messages(fixtures.workload(verb, kind, {list: [{"name": "a"}, escalating]}))) == 1
			}
		}
		count(messages(fixtures.json_patch(kind, "/containers/-", escalating))) == 1
		count(messages(fixtures.json_patch(kind, "/initContainers/0/securityContext", escalating.securityContext))) == 1
	}
}

test_others_are_not if {
	messages(fixtures.workload("create", "pods", {"containers": [{"name": "a"}]})) == set()
	messages(fixtures.workload("create", "pods", {"containers": [{"securityContext": {"allowPrivilegeEscalation": false}}]})) == set()
	messages(fixtures.workload_by(fixtures.controller, "create", "pods", {"containers": [escalating]})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(fixtures.workload("create", "pods", {"containers": [escalating]}), field))) == 1
	}
}
