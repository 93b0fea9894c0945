package guardrails.controlplane.admission_policy_changed_test

import data.guardrails.controlplane.admission_policy_changed
import data.parapet.fixtures

messages(an_event) := {v.message | some v in admission_policy_changed.violation with input as an_event}

change(verb, group, resource, fields) := fixtures.request(verb, {"apiGroup": group, "resource": resource, "name": "no-root"}, fields)

builtin := "admissionregistration.k8s.io"

test_says_who_what if {
	messages(change("delete", builtin, "validatingadmissionpolicies", {})) == {
		"admin@example.com deleted validating admission policy no-root",
	}
}

test_every_kind_and_verb if {
	every verb in {"create", "update", "patch", "delete", "deletecollection"} {
		every resource in {
			"validatingadmissionpolicies", "validatingadmissionpolicybindings", "mutatingadmissionpolicies",
			"mutatingadmissionpolicybindings",
		} {
			count(messages(change(verb, builtin, resource, {}))) == 1
		}
		count(messages(change(verb, "constraints.gatekeeper.sh", "k8srequiredlabels", {}))) == 1
		count(messages(change(verb, "templates.gatekeeper.sh", "constrainttemplates", {}))) == 1
		every resource in {"clusterpolicies", "policies", "policyexceptions"} {
			count(messages(change(verb, "kyverno.io", resource, {}))) == 1
		}
	}
}

test_others_are_not if {
	messages(change("get", builtin, "validatingadmissionpolicies", {})) == set()
	messages(change("update", "kyverno.io", "updaterequests", {})) == set()
	messages(change("delete", "other.example.com", "policies", {})) == set()
	messages(change("update", builtin, "validatingadmissionpolicies", {"user": fixtures.apiserver})) == set()
	status := {"apiGroup": "constraints.gatekeeper.sh", "resource": "k8srequiredlabels", "name": "x", "subresource": "status"}
	messages(fixtures.request("update", status, {})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(change("delete", builtin, "validatingadmissionpolicies", {}), field))) == 1
	}
}
