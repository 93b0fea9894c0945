package guardrails.workloads.cronjob_by_person_test

import data.guardrails.workloads.cronjob_by_person
import data.parapet.fixtures

messages(an_event) := {v.message | some v in cronjob_by_person.violation with input as an_event}

write(verb, fields) := fixtures.request(verb, {"resource": "cronjobs", "namespace": "shop", "name": "persist"}, fields)

test_says_who_what_where if {
	messages(write("create", {})) == {"admin@example.com created cron job persist in namespace shop"}
	messages(write("patch", fixtures.denied)) == {
		"admin@example.com was denied when trying to change cron job persist in namespace shop",
	}
}

test_every_write if {
	every verb in fixtures.write_verbs {
		count(messages(write(verb, {}))) == 1
	}
}

test_others_are_not if {
	messages(write("create", {"user": fixtures.account("ci", "deployer")})) == set()
	messages(write("update", {"user": fixtures.account("kube-system", "cronjob-controller")})) == set()
	messages(write("delete", {})) == set()
	messages(fixtures.request("create", {"resource": "jobs", "name": "a"}, {})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(write("create", {}), field))) == 1
	}
}
