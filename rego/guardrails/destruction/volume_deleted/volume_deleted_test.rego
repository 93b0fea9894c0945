package guardrails.destruction.volume_deleted_test

import data.guardrails.destruction.volume_deleted
import data.parapet.fixtures

messages(an_event) := {v.message | some v in volume_deleted.violation with input as an_event}

remove(verb, resource, fields) := fixtures.request(verb, {"resource": resource, "namespace": "payments", "name": "ledger"}, fields)

test_says_who_what_where if {
	messages(remove("delete", "persistentvolumeclaims", {})) == {
		"admin@example.com deleted persistent volume claim ledger in namespace payments",
	}
}

test_every_kind_and_verb if {
	every resource in {"persistentvolumes", "persistentvolumeclaims", "volumesnapshots", "volumesnapshotcontents"} {
		every verb in {"delete", "deletecollection"} {
			count(messages(remove(verb, resource, {}))) == 1
		}
	}
}

test_others_are_not if {
	messages(remove("create", "persistentvolumeclaims", {})) == set()
	messages(remove("delete", "configmaps", {})) == set()
	messages(remove("delete", "persistentvolumes", {"user": fixtures.account("kube-system", "persistent-volume-binder")})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(remove("delete", "persistentvolumeclaims", {}), field))) == 1
	}
}
