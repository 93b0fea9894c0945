package guardrails.rbac.system_role_changed_test

import data.guardrails.rbac.system_role_changed
import data.parapet.fixtures

messages(an_event) := {v.message | some v in system_role_changed.violation with input as an_event}

change(verb, resource, name, fields) := fixtures.request(verb, {"resource": resource, "name": name}, fields)

test_says_who_what if {
	messages(change("patch", "clusterroles", "system:discovery", {"requestObject": {"metadata": {"annotations": {"x": "y"}}}})) == {
		"admin@example.com changed cluster role system:discovery, which belongs to Kubernetes itself",
	}
}

test_every_kind_name_and_verb if {
	every verb in {"update", "patch", "delete"} {
		every resource in {"clusterroles", "clusterrolebindings"} {
			every name in {"system:discovery", "system:node", "cluster-admin", "admin", "edit", "view"} {
				count(messages(change(verb, resource, name, {}))) == 1
			}
		}
		every resource in {"roles", "rolebindings"} {
			reference := {"resource": resource, "namespace": "kube-system", "name": "extension-apiserver-authentication-reader"}
			count(messages(fixtures.request(verb, reference, {}))) == 1
			count(messages(change(verb, resource, "system:controller:token-cleaner", {}))) == 1
		}
	}
	count(messages(fixtures.request("deletecollection", {"resource": "roles", "namespace": "kube-system"}, {}))) == 1
}

test_a_controller_is_reported_too if {
	count(messages(change("update", "clusterroles", "system:node", {"user": fixtures.controller}))) == 1
}

test_others_are_not if {
	messages(change("create", "clusterroles", "system:metrics-server", {})) == set()
	messages(change("patch", "clusterroles", "developer", {})) == set()
	messages(fixtures.request("patch", {"resource": "roles", "namespace": "shop", "name": "view"}, {})) == set()
	messages(change("get", "clusterroles", "system:node", {})) == set()
}

test_the_cluster_itself_is_not if {
	aggregation := fixtures.account("kube-system", "clusterrole-aggregation-controller")
	every user in [fixtures.apiserver, aggregation] {
		messages(change("update", "clusterroles", "admin", {"user": user})) == set()
	}
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields_but({"objectRef/name"}) {
		count(messages(fixtures.without(change("patch", "clusterroles", "system:node", {}), field))) == 1
	}
}
