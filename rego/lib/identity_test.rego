package parapet.identity_test

import data.parapet.fixtures
import data.parapet.lib

kinds := {
	"system:anonymous": {"anonymous", "outsider", "not component"},
	"system:apiserver": {"component"},
	"system:kube-controller-manager": {"component"},
	"system:node:worker-1": {"component", "node"},
	"aksService": {"component"},
	"eks:node-manager": {"component"},
	"eks:some-controller-to-come": {"component"},
	"system:serviceaccount:kube-system:replicaset-controller": {"account", "controller", "not component"},
	"system:serviceaccount:kube-system:default": {"account", "outsider", "not component"},
	"system:serviceaccount:kube-system-2:evil": {"account", "outsider", "not component"},
	"system:serviceaccount:shop:web": {"account", "outsider", "not component"},
	"system:bootstrap:abcdef": {"outsider", "not component"},
	"system:admin": {"person", "outsider", "not component"},
	"kubernetes-admin": {"person", "outsider", "not component"},
	"alice@example.com": {"person", "outsider", "not component"},
}

found contains "anonymous" if lib.is_anonymous

found contains "component" if lib.is_component

found contains "node" if lib.is_node

found contains "account" if lib.is_service_account

found contains "controller" if lib.is_controller

found contains "outsider" if lib.is_outsider

found contains "not component" if lib.is_not_component

found contains "person" if lib.is_person

test_everyone_is_told_apart if {
	every name, want in kinds {
		found == want with input as fixtures.event({"user": {"username": name}})
	}
}

test_the_group_makes_anonymous_too if {
	lib.is_anonymous with input as fixtures.event({"user": {"username": "x", "groups": ["system:unauthenticated"]}})
}

test_nobody_is_nobody if {
	found == set() with input as fixtures.event({"user": {}})
}

test_impersonation_disguises_nobody if {
	found == kinds["alice@example.com"] with input as fixtures.event({
		"user": {"username": "alice@example.com"},
		"impersonatedUser": {"username": "system:apiserver"},
	})
}

test_system_namespaces_are_data if {
	monitoring := fixtures.event({"user": fixtures.account("monitoring", "prometheus")})
	not lib.is_controller with input as monitoring
	lib.is_controller with input as monitoring with data.org.system_namespaces as ["monitoring"]
}
