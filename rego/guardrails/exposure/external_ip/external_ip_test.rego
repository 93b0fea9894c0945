package guardrails.exposure.external_ip_test

import data.guardrails.exposure.external_ip
import data.parapet.fixtures

messages(an_event) := {v.message | some v in external_ip.violation with input as an_event}

write(verb, reference, body) := fixtures.request(
	verb,
	object.union({"resource": "services", "namespace": "shop", "name": "web"}, reference),
	{"requestObject": body},
)

test_says_who_what if {
	messages(write("create", {}, {"spec": {"externalIPs": ["203.0.113.9"]}})) == {
		"admin@example.com created service web in namespace shop, which claims 203.0.113.9",
	}
}

test_every_write if {
	every verb in fixtures.write_verbs {
		count(messages(write(verb, {}, {"spec": {"externalIPs": ["203.0.113.9", "203.0.113.10"]}}))) == 1
	}
	count(messages(write("patch", {}, [{"op": "add", "path": "/spec/externalIPs", "value": ["203.0.113.9"]}]))) == 1
	count(messages(write("patch", {}, [{"op": "add", "path": "/spec/externalIPs/-", "value": "203.0.113.9"}]))) == 1
}

balancer := {"status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.9"}]}}}

test_a_status_by_a_person if {
	count(messages(write("patch", {"subresource": "status"}, balancer))) == 1
	by_controller := object.union(write("patch", {"subresource": "status"}, balancer), {"user": fixtures.account("metallb-system", "controller")})
	messages(by_controller) == set()
}

test_others_are_not if {
	messages(write("create", {}, {"spec": {"type": "NodePort"}})) == set()
	messages(write("create", {}, {"spec": {"externalIPs": []}})) == set()
	messages(write("create", {}, balancer)) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(write("create", {}, {"spec": {"externalIPs": ["203.0.113.9"]}}), field))) == 1
	}
}
