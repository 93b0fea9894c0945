package guardrails.access.unknown_network_test

import data.guardrails.access.unknown_network
import data.parapet.fixtures

messages(an_event) := {v.message | some v in unknown_network.violation with input as an_event}

from(addresses) := fixtures.request("list", {"resource": "pods"}, {"sourceIPs": addresses})

mine := ["192.0.2.0/24", "2001:db8::/32"]

test_off_until_networks_are_listed if {
	messages(from(["203.0.113.9"])) == set()
}

test_says_who_from_where if {
	messages(from(["203.0.113.9"])) == {
		"admin@example.com sent a request from 203.0.113.9, which is in no known network",
	} with data.org.networks as mine
}

test_every_address_counts if {
	every addresses in [["203.0.113.9", "192.0.2.1"], ["192.0.2.1", "203.0.113.9"], ["2001:db9::1"], ["not an address"]] {
		count(messages(from(addresses))) == 1 with data.org.networks as mine
	}
}

test_known_networks_are_not if {
	every addresses in [["192.0.2.1"], ["192.0.2.1", "192.0.2.254"], ["2001:db8::1"], []] {
		messages(from(addresses)) == set() with data.org.networks as mine
	}
}

test_the_cluster_itself_is_not if {
	by_kubelet := object.union(from(["203.0.113.9"]), {"user": fixtures.kubelet})
	messages(by_kubelet) == set() with data.org.networks as mine
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields_but({"sourceIPs"}) {
		count(messages(fixtures.without(from(["203.0.113.9"]), field))) == 1 with data.org.networks as mine
	}
}
