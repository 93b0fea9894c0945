package guardrails.access.permission_enumeration_test

import data.guardrails.access.permission_enumeration
import data.parapet.fixtures

messages(an_event) := {v.message | some v in permission_enumeration.violation with input as an_event}

ask(user, resource) := fixtures.request("create", {"resource": resource}, {"user": user})

test_says_who if {
	messages(ask(fixtures.admin, "selfsubjectrulesreviews")) == {"admin@example.com asked what they may do"}
	messages(ask(fixtures.admin, "localsubjectaccessreviews")) == {"admin@example.com asked what others may do"}
}

test_every_kind_of_question if {
	every resource in {
		"selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews", "subjectaccessreviews",
		"localsubjectaccessreviews",
	} {
		count(messages(ask(fixtures.admin, resource))) == 1
	}
}

test_a_service_account_that_asks_for_everything if {
	count(messages(ask(fixtures.account("shop", "web"), "selfsubjectrulesreviews"))) == 1
	messages(ask(fixtures.account("shop", "web"), "selfsubjectaccessreviews")) == set()
	messages(ask(fixtures.account("shop", "web"), "subjectaccessreviews")) == set()
}

test_the_cluster_itself_is_not if {
	messages(ask(fixtures.apiserver, "subjectaccessreviews")) == set()
	messages(ask(fixtures.controller, "selfsubjectrulesreviews")) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(ask(fixtures.admin, "selfsubjectrulesreviews"), field))) == 1
	}
}
