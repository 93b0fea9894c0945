package guardrails.rbac.sensitive_role_test

import data.guardrails.rbac.sensitive_role
import data.parapet.fixtures

messages(an_event) := {v.message | some v in sensitive_role.violation with input as an_event}

write(verb, resource, body) := fixtures.request(verb, {"resource": resource, "name": "x"}, {"requestObject": body})

with_rule(rule) := write("create", "clusterroles", {"rules": [{"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}, rule]})

test_one_violation_names_everything if {
	messages(with_rule({"verbs": ["get", "create"], "apiGroups": [""], "resources": ["pods/exec", "secrets"]})) == {
		"admin@example.com created cluster role x so that it allows reading secrets, running commands in pods",
	}
}

test_each_in_both_kinds_and_every_write if {
	every opened in {
		"pods/exec", "pods/attach", "pods/portforward", "pods/ephemeralcontainers", "pods/*", "nodes/proxy",
		"serviceaccounts/token", "certificatesigningrequests/approval", "secrets",
	} {
		every resource in {"roles", "clusterroles"} {
			every verb in fixtures.write_verbs {
				count(messages(write(verb, resource, {"rules": [{"verbs": ["get"], "resources": [opened]}]}))) == 1
			}
			count(messages(write("patch", resource, [
				{"op": "add", "path": "/rules/-", "value": {"verbs": ["list"], "resources": [opened]}},
			]))) == 1
		}
	}
	count(messages(write("patch", "roles", [{"op": "add", "path": "/rules/0/resources/-", "value": "pods/exec"}]))) == 1
}

test_others_are_not if {
	messages(with_rule({"verbs": ["get", "list", "watch"], "resources": ["pods", "pods/log", "configmaps", "nodes"]})) == set()
	messages(with_rule({"verbs": ["create", "delete"], "resources": ["secrets"]})) == set()
	messages(object.union(with_rule({"verbs": ["get"], "resources": ["secrets"]}), {"user": fixtures.apiserver})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(with_rule({"verbs": ["create"], "resources": ["pods/exec"]}), field))) == 1
	}
}
