package guardrails.controlplane.pod_security_weakened_test

import data.guardrails.controlplane.pod_security_weakened
import data.parapet.fixtures

messages(an_event) := {v.message | some v in pod_security_weakened.violation with input as an_event}

write(verb, body) := fixtures.request(verb, {"resource": "namespaces", "namespace": "payments", "name": "payments"}, {"requestObject": body})

labelled(mode, level) := {"metadata": {"labels": {concat("/", ["pod-security.kubernetes.io", mode]): level}}}

test_says_who_where_what if {
	messages(write("patch", labelled("enforce", "privileged"))) == {concat(" ", [
		"admin@example.com changed namespace payments",
		"so that Pod Security accepts privileged pods (enforce)",
	])}
}

test_every_mode_and_write if {
	every mode in {"enforce", "audit", "warn"} {
		every verb in fixtures.write_verbs {
			count(messages(write(verb, labelled(mode, "privileged")))) == 1
		}
		count(messages(write("patch", labelled(mode, null)))) == 1
		path := concat("", ["/metadata/labels/pod-security.kubernetes.io~1", mode])
		count(messages(write("patch", [{"op": "replace", "path": path, "value": "privileged"}]))) == 1
		count(messages(write("patch", [{"op": "remove", "path": path}]))) == 1
	}
	count(messages(write("patch", [{"op": "remove", "path": "/metadata/labels"}]))) == 1
}

test_others_are_not if {
	every level in {"restricted", "baseline"} {
		messages(write("patch", labelled("enforce", level))) == set()
	}
	messages(write("patch", labelled("enforce-version", "latest"))) == set()
	messages(write("create", {"metadata": {"name": "payments"}})) == set()
	messages(write("patch", [{"op": "remove", "path": "/metadata/labels/team"}])) == set()
	messages(object.union(write("create", labelled("enforce", "privileged")), {"user": fixtures.apiserver})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(write("patch", labelled("enforce", "privileged")), field))) == 1
	}
}
