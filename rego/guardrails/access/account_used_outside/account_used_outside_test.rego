package guardrails.access.account_used_outside_test

import data.guardrails.access.account_used_outside
import data.parapet.fixtures

messages(an_event) := {v.message | some v in account_used_outside.violation with input as an_event}

from(user, addresses) := fixtures.request("list", {"resource": "pods"}, {"user": user, "sourceIPs": addresses})

test_says_who_from_where if {
	messages(from(fixtures.account("shop", "web"), ["203.0.113.9"])) == {
		"system:serviceaccount:shop:web sent a request from the public address 203.0.113.9",
	}
}

test_every_address_counts if {
	every addresses in [["203.0.113.9", "10.0.0.1"], ["10.0.0.1", "203.0.113.9"], ["2001:db8::1"]] {
		count(messages(from(fixtures.account("kube-system", "coredns"), addresses))) == 1
	}
}

test_private_and_known_addresses_are_not if {
	web := fixtures.account("shop", "web")
	every address in {"10.244.0.7", "172.31.255.255", "192.168.1.1", "100.64.0.1", "127.0.0.1", "169.254.1.1", "::1", "fd00::1", "fe80::1"} {
		messages(from(web, [address])) == set()
	}
	messages(from(web, ["203.0.113.9"])) == set() with data.org.networks as ["203.0.113.0/24"]
}

test_people_are_not if {
	messages(from(fixtures.admin, ["203.0.113.9"])) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields_but({"sourceIPs"}) {
		count(messages(fixtures.without(from(fixtures.account("shop", "web"), ["203.0.113.9"]), field))) == 1
	}
}
