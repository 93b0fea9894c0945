package guardrails.rbac.wildcard_role_test

import data.guardrails.rbac.wildcard_role
import data.parapet.fixtures

messages(an_event) := {v.message | some v in wildcard_role.violation with input as an_event}

write(verb, resource, body) := fixtures.request(verb, {"resource": resource, "name": "all"}, {"requestObject": body})

with_rule(rule) := write("create", "clusterroles", {"rules": [{"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}, rule]})

test_one_violation_names_every_star if {
	messages(with_rule({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]})) == {
		"admin@example.com created cluster role all so that it covers every API group, every resource, every verb",
	}
}

test_each_star_alone if {
	every rule in [
		{"verbs": ["get", "*"], "apiGroups": [""], "resources": ["pods"]},
		{"verbs": ["get"], "apiGroups": ["*"], "resources": ["pods"]},
		{"verbs": ["get"], "apiGroups": [""], "resources": ["pods", "*"]},
		{"verbs": ["get"], "apiGroups": [""], "resources": ["*/exec"]},
		{"verbs": ["get"], "nonResourceURLs": ["*"]},
		{"verbs": ["get"], "nonResourceURLs": ["/*"]},
	] {
		count(messages(with_rule(rule))) == 1
	}
}

test_roles_and_every_verb if {
	every resource in {"roles", "clusterroles"} {
		every verb in fixtures.write_verbs {
			count(messages(write(verb, resource, {"rules": [{"verbs": ["*"], "resources": ["pods"]}]}))) == 1
		}
	}
}

test_json_patch if {
	count(messages(write("patch", "roles", [{"op": "add", "path": "/rules/0/verbs/-", "value": "*"}]))) == 1
	count(messages(write("patch", "roles", [{"op": "add", "path": "/rules/-", "value": {"verbs": ["*"]}}]))) == 1
}

test_aggregation_of_everything if {
	every selector in [{}, {"matchLabels": {}}, {"matchExpressions": []}, null] {
		count(messages(write("create", "clusterroles", {"aggregationRule": {"clusterRoleSelectors": [selector]}}))) == 1
	}
	messages(write("create", "clusterroles", {"aggregationRule": {"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}]}})) == set()
}

test_ordinary_roles_are_not if {
	messages(with_rule({"verbs": ["get", "list"], "apiGroups": ["apps"], "resources": ["deployments/scale"]})) == set()
	messages(with_rule({"verbs": ["get"], "nonResourceURLs": ["/healthz/*"]})) == set()
	messages(write("delete", "clusterroles", {"rules": [{"verbs": ["*"]}]})) == set()
}

test_the_cluster_itself_is_not if {
	aggregation := fixtures.account("kube-system", "clusterrole-aggregation-controller")
	every user in [fixtures.apiserver, aggregation] {
		messages(object.union(with_rule({"verbs": ["*"]}), {"user": user})) == set()
	}
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(with_rule({"verbs": ["*"]}), field))) == 1
	}
}
