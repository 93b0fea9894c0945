package guardrails.access.outside_business_hours_test

import data.guardrails.access.outside_business_hours
import data.parapet.fixtures

messages(an_event) := {v.message | some v in outside_business_hours.violation with input as an_event}

hours := {"zone": "+01:00", "days": ["Mon", "Tue", "Wed", "Thu", "Fri"], "from": "07:00", "to": "20:00"}

at(time) := fixtures.request("delete", {"resource": "pods", "namespace": "shop", "name": "web"}, {
	"requestReceivedTimestamp": time,
	"stageTimestamp": time,
})

test_off_until_hours_are_set if {
	messages(at("2026-11-24T03:00:00.000000Z")) == set()
}

test_says_who_what_when if {
	messages(at("2026-11-24T03:00:00.000000Z")) == {concat(" ", [
		"admin@example.com deleted pod web in namespace shop on Tue at 04:00,",
		"outside business hours",
	])} with data.org.hours as hours
}

outside := {
	"2026-11-24T05:59:59.999999Z", # 06:59 on a Tuesday
	"2026-11-24T19:00:00.000000Z", # 20:00
	"2026-11-28T12:00:00.000000Z", # a Saturday
	"2026-11-29T22:59:00.000000Z", # the last minute of a Sunday
	"2028-02-29T23:30:00.000000Z", # past midnight on a leap day
	"1999-12-31T23:30:00Z", # Saturday, 1 January 2000
}

inside := {
	"2026-11-24T06:00:00.000000Z", # 07:00 on a Tuesday
	"2026-11-24T18:59:00.000000Z",
	"2028-02-29T12:00:00.000000Z", # a leap day, Tuesday
	"2024-12-31T09:08:07Z", # zeros in front
}

test_hours_and_days if {
	every time in outside {
		count(messages(at(time))) == 1 with data.org.hours as hours
	}
	every time in inside {
		messages(at(time)) == set() with data.org.hours as hours
	}
}

test_zones if {
	noon := at("2026-11-24T12:00:00.000000Z")
	every zone in {"Z", "UTC", "+00:00", "-05:00", "+05:30"} {
		messages(noon) == set() with data.org.hours as object.union(hours, {"zone": zone})
	}
	every zone in {"+08:00", "-06:00", "+14:00", "-12:00"} {
		count(messages(noon)) == 1 with data.org.hours as object.union(hours, {"zone": zone})
	}
}

test_a_zone_that_is_no_offset_is_told if {
	every zone in {"Europe/Paris", "+1", ""} {
		some message in messages(at("2026-11-24T12:00:00Z")) with data.org.hours as object.union(hours, {"zone": zone})
		contains(message, "is its zone an offset")
	}
}

test_what_is_of_interest if {
	every reference in [{"resource": "secrets"}, {"resource": "pods", "subresource": "exec"}] {
		count(messages(fixtures.request("get", reference, {
			"requestReceivedTimestamp": "2026-11-28T12:00:00Z",
		}))) == 1 with data.org.hours as hours
	}
	messages(fixtures.request("list", {"resource": "pods"}, {
		"requestReceivedTimestamp": "2026-11-28T12:00:00Z",
	})) == set() with data.org.hours as hours
}

test_service_accounts_are_not if {
	at_night := object.union(at("2026-11-24T03:00:00Z"), {"user": fixtures.account("ci", "deployer")})
	messages(at_night) == set() with data.org.hours as hours
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(at("2026-11-28T12:00:00Z"), field))) == 1 with data.org.hours as hours
	}
}
