package guardrails.controlplane.certificate_requested_test

import data.guardrails.controlplane.certificate_requested
import data.parapet.fixtures

messages(an_event) := {v.message | some v in certificate_requested.violation with input as an_event}

ask(user, signer) := fixtures.request("create", {"resource": "certificatesigningrequests", "name": "bd"}, {
	"user": user,
	"requestObject": {"spec": {"signerName": signer, "request": "LS0tLS1CRUdJTg=="}},
})

client := "kubernetes.io/kube-apiserver-client"

test_says_who if {
	messages(ask(fixtures.admin, client)) == {
		"admin@example.com asked for a client certificate with the certificate signing request bd",
	}
	messages(object.union(ask(fixtures.admin, client), fixtures.denied)) == {concat(" ", [
		"admin@example.com was denied when trying to ask for a client certificate",
		"with the certificate signing request bd",
	])}
}

test_every_client_signer_and_user if {
	every signer in {client, "kubernetes.io/kube-apiserver-client-kubelet", "kubernetes.io/legacy-unknown"} {
		every user in [fixtures.admin, fixtures.account("shop", "web"), fixtures.account("kube-system", "default")] {
			count(messages(ask(user, signer))) == 1
		}
	}
}

test_at_level_metadata if {
	count(messages(fixtures.request("create", {"resource": "certificatesigningrequests", "name": "bd"}, {"level": "Metadata"}))) == 1
}

test_nodes_are_not if {
	every user in [fixtures.kubelet, {"username": "system:bootstrap:abcdef"}] {
		messages(ask(user, "kubernetes.io/kube-apiserver-client-kubelet")) == set()
	}
}

test_others_are_not if {
	messages(ask(fixtures.admin, "kubernetes.io/kubelet-serving")) == set()
	messages(ask(fixtures.admin, "example.com/mesh")) == set()
	messages(fixtures.request("get", {"resource": "certificatesigningrequests", "name": "bd"}, {})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(ask(fixtures.admin, client), field))) == 1
	}
}
