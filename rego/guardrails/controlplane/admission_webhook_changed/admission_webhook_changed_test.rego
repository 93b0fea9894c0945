package guardrails.controlplane.admission_webhook_changed_test

import data.guardrails.controlplane.admission_webhook_changed
import data.parapet.fixtures

messages(an_event) := {v.message | some v in admission_webhook_changed.violation with input as an_event}

change(verb, resource, fields) := fixtures.request(verb, {"resource": resource, "name": "inject"}, fields)

test_both_kinds_and_every_verb if {
	every resource in {"mutatingwebhookconfigurations", "validatingwebhookconfigurations"} {
		every verb in {"create", "update", "patch", "delete", "deletecollection"} {
			count(messages(change(verb, resource, {}))) == 1
		}
	}
}

test_says_who_what if {
	messages(change("create", "mutatingwebhookconfigurations", {})) == {
		"admin@example.com created mutating webhook configuration inject",
	}
	messages(change("delete", "validatingwebhookconfigurations", fixtures.denied)) == {
		"admin@example.com was denied when trying to delete validating webhook configuration inject",
	}
}

test_reading_is_not if {
	every verb in {"get", "list", "watch"} {
		messages(change(verb, "mutatingwebhookconfigurations", {})) == set()
	}
}

test_the_cluster_itself_is_not if {
	every user in [fixtures.apiserver, fixtures.controller] {
		messages(change("update", "mutatingwebhookconfigurations", {"user": user})) == set()
	}
	outsider := {"user": fixtures.account("cert-manager", "cainjector")}
	count(messages(change("update", "mutatingwebhookconfigurations", outsider))) == 1
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(change("create", "mutatingwebhookconfigurations", {}), field))) == 1
	}
}
