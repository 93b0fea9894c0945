package guardrails.rbac.escalation_verbs_test

import data.guardrails.rbac.escalation_verbs
import data.parapet.fixtures

messages(an_event) := {v.message | some v in escalation_verbs.violation with input as an_event}

write(verb, resource, body) := fixtures.request(verb, {"resource": resource, "name": "x"}, {"requestObject": body})

with_rule(rule) := write("create", "clusterroles", {"rules": [{"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}, rule]})

test_one_violation_names_every_verb if {
	messages(with_rule({"verbs": ["get", "escalate", "bind"], "apiGroups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles"]})) == {
		"admin@example.com created cluster role x so that it allows bind, escalate",
	}
}

test_each_verb_in_both_kinds_and_every_write if {
	every dangerous in {"escalate", "bind", "impersonate", "impersonate:user-info", "impersonate-on:user-info:list"} {
		every resource in {"roles", "clusterroles"} {
			every verb in fixtures.write_verbs {
				count(messages(write(verb, resource, {"rules": [{"verbs": [dangerous], "resources": ["users"]}]}))) == 1
			}
			count(messages(write("patch", resource, [{"op": "add", "path": "/rules/0/verbs/-", "value": dangerous}]))) == 1
			count(messages(write("patch", resource, [{"op": "add", "path": "/rules/-", "value": {"verbs": [dangerous]}}]))) == 1
		}
	}
}

test_others_are_not if {
	messages(with_rule({"verbs": ["create", "update", "delete"], "resources": ["rolebindings"]})) == set()
	messages(write("delete", "roles", {"rules": [{"verbs": ["bind"]}]})) == set()
	messages(object.union(with_rule({"verbs": ["bind"]}), {"user": fixtures.apiserver})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(with_rule({"verbs": ["escalate"]}), field))) == 1
	}
}
