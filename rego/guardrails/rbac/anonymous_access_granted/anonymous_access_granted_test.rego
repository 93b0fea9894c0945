package guardrails.rbac.anonymous_access_granted_test

import data.guardrails.rbac.anonymous_access_granted
import data.parapet.fixtures

messages(an_event) := {v.message | some v in anonymous_access_granted.violation with input as an_event}

write(verb, resource, body) := fixtures.request(verb, {"resource": resource, "name": "x"}, {"requestObject": body})

anonymous := {"kind": "User", "name": "system:anonymous"}

unauthenticated := {"kind": "Group", "name": "system:unauthenticated"}

bob := {"kind": "User", "name": "bob@example.com"}

test_says_who_what if {
	messages(write("create", "clusterrolebindings", {"roleRef": {"name": "view"}, "subjects": [bob, anonymous]})) == {
		"admin@example.com created cluster role binding x, which binds anonymous callers",
	}
}

test_both_subjects_bindings_and_every_verb if {
	every subject in [anonymous, unauthenticated] {
		every resource in {"clusterrolebindings", "rolebindings"} {
			every verb in fixtures.write_verbs {
				count(messages(write(verb, resource, {"subjects": [subject]}))) == 1
			}
			count(messages(write("patch", resource, [{"op": "add", "path": "/subjects/-", "value": subject}]))) == 1
			count(messages(write("patch", resource, [{"op": "replace", "path": "/subjects/0/name", "value": subject.name}]))) == 1
		}
	}
}

test_the_binding_of_kubeadm_is_not if {
	reference := {"resource": "rolebindings", "namespace": "kube-public", "name": "kubeadm:bootstrap-signer-clusterinfo"}
	body := {"roleRef": {"kind": "Role", "name": "kubeadm:bootstrap-signer-clusterinfo"}, "subjects": [anonymous]}
	messages(fixtures.request("create", reference, {"requestObject": body})) == set()
	other := object.union(body, {"roleRef": {"kind": "ClusterRole", "name": "view"}})
	count(messages(fixtures.request("create", reference, {"requestObject": other}))) == 1
}

test_others_are_not if {
	messages(write("create", "clusterrolebindings", {"subjects": [bob]})) == set()
	messages(write("delete", "clusterrolebindings", {"subjects": [anonymous]})) == set()
	at_start := object.union(write("create", "clusterrolebindings", {"subjects": [unauthenticated]}), {"user": fixtures.apiserver})
	messages(at_start) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(write("create", "clusterrolebindings", {"subjects": [anonymous]}), field))) == 1
	}
}
