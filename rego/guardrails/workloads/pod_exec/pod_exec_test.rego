package guardrails.workloads.pod_exec_test

import data.guardrails.workloads.pod_exec
import data.parapet.fixtures

run(verb, subresource, fields) := fixtures.request(
	verb,
	{"resource": "pods", "namespace": "shop", "name": "web-0", "subresource": subresource},
	object.union({"requestURI": "/api/v1/namespaces/shop/pods/web-0/exec?command=sh&command=-c&command=hunter2"}, fields),
)

messages(an_event) := {v.message | some v in pod_exec.violation with input as an_event}

test_both_verbs_and_both_subresources if {
	every verb in {"create", "get"} {
		messages(run(verb, "exec", {})) == {"admin@example.com ran a command in pod web-0 in namespace shop"}
		messages(run(verb, "attach", {})) == {"admin@example.com attached to pod web-0 in namespace shop"}
	}
}

test_denied_and_failed_attempts if {
	messages(run("get", "exec", fixtures.denied)) == {
		"admin@example.com was denied when trying to run a command in pod web-0 in namespace shop",
	}
	messages(run("get", "attach", {"responseStatus": {"code": 500}})) == {
		"admin@example.com failed when trying to attach to pod web-0 in namespace shop",
	}
}

test_service_accounts_too if {
	count(messages(run("create", "exec", {"user": fixtures.account("ci", "deployer")}))) == 1
}

test_both_stages_of_a_session if {
	every stage in {"ResponseStarted", "ResponseComplete"} {
		count(messages(run("get", "exec", {"stage": stage, "responseStatus": {"code": 101}}))) == 1
	}
	messages(run("get", "exec", {"stage": "RequestReceived"})) == set()
}

test_the_command_is_not_told if {
	every message in messages(run("create", "exec", {})) {
		not contains(message, "hunter2")
	}
}

test_other_requests_are_not if {
	every subresource in {"log", "status", "eviction", "portforward"} {
		messages(run("get", subresource, {})) == set()
	}
	messages(fixtures.request("get", {"resource": "pods", "name": "exec"}, {})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(run("get", "exec", {}), field))) == 1
	}
	count(messages(fixtures.without(run("get", "exec", {}), "user"))) == 1
}
