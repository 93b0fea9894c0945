package parapet.text_test

import data.parapet.fixtures
import data.parapet.lib

test_words_for_every_event if {
	every an_event in [{}, fixtures.base, {"user": {}}, {"objectRef": {}}, {"sourceIPs": []}, {"requestObject": []}] {
		lib.actor with input as an_event
		lib.acted with input as an_event
		lib.target with input as an_event
		lib.source with input as an_event
		lib.subject_names with input as an_event
	}
}

targets := [
	{"want": "pod web in namespace shop", "ref": {"resource": "pods", "namespace": "shop", "name": "web"}},
	{"want": "secrets in namespace shop", "ref": {"resource": "secrets", "namespace": "shop"}},
	{"want": "secrets in the whole cluster", "ref": {"resource": "secrets"}},
	{"want": "node worker-1", "ref": {"resource": "nodes", "name": "worker-1"}},
	{"want": "namespace shop", "ref": {"resource": "namespaces", "namespace": "shop", "name": "shop"}},
	{"want": "widgets w in namespace shop", "ref": {"resource": "widgets", "namespace": "shop", "name": "w"}},
]

test_targets if {
	every case in targets {
		lib.target == case.want with input as fixtures.request("get", case.ref, {})
	}
}

test_a_name_can_be_in_the_object if {
	reference := {"resource": "pods", "namespace": "shop"}
	lib.name == "web" with input as fixtures.request("create", reference, {"requestObject": {"metadata": {"name": "web"}}})
	lib.name == "web-*" with input as fixtures.request("create", reference, {"requestObject": {"metadata": {"generateName": "web-"}}})
}

test_a_path_without_its_query if {
	lib.target == "/logs" with input as fixtures.event({"verb": "get", "requestURI": "/logs?token=abc"})
}

outcomes := {
	200: "created",
	403: "was denied when trying to create",
	422: "failed when trying to create",
}

test_the_outcome_is_told if {
	every code, want in outcomes {
		lib.acted == want with input as fixtures.request("create", {"resource": "pods"}, {"responseStatus": {"code": code}})
	}
}

test_impersonation_is_told if {
	lib.actor == "admin@example.com acting as bob" with input as fixtures.event({"impersonatedUser": {"username": "bob"}})
}
