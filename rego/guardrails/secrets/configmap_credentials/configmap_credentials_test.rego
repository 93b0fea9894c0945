package guardrails.secrets.configmap_credentials_test

import data.guardrails.secrets.configmap_credentials
import data.parapet.fixtures

messages(an_event) := {v.message | some v in configmap_credentials.violation with input as an_event}

write(data_) := fixtures.request("create", {"resource": "configmaps", "namespace": "shop", "name": "settings"}, {
	"requestObject": {"metadata": {"name": "settings"}, "data": data_},
})

test_says_who_what_where_and_no_value if {
	messages(write({"aws_access_key_id": "hunter2", "aws_secret_access_key": "hunter2", "LOG_LEVEL": "info"})) == {concat("", [
		"admin@example.com created config map settings in namespace shop ",
		"with what looks like credentials under aws_access_key_id, aws_secret_access_key",
	])}
}

test_keys_in_every_style if {
	every key in {
		"password", "DB_PASSWORD", "dbPassword", "db.password", "mysql-root-passwd", "api-key", "API_KEY", "apikey", "apiKey",
		"client_secret", "clientSecret", "authToken", "access_token", "tokens", "private-key", "signing_key", "credentials",
		"aws_access_key_id", "id_rsa", ".dockerconfigjson", "kubeconfig", "passphrase", "encryption.key",
	} {
		count(messages(write({key: "x"}))) == 1
	}
}

test_keys_that_are_about_credentials if {
	every key in {
		"FEATURE_X", "LOG_LEVEL", "tokenTTL", "token-url", "secretName", "password_policy", "SECRET_PATH", "api-key-header",
		"keyboard", "monkey", "ca.crt", "public-key", "partition_key", "nginx.conf",
	} {
		messages(write({key: "info"})) == set()
	}
	messages(write({"password": ""})) == set()
}

test_values_with_a_known_shape if {
	every value in {
		"-----BEGIN RSA PRIVATE KEY-----\nMII", "-----BEGIN PRIVATE KEY-----", "-----BEGIN ENCRYPTED PRIVATE KEY-----",
		concat(".", ["eyJhbGciOiJub25lIn0", "eyJzdWIiOiJmYWtlIn0", ""]), concat("", ["AKIA", "ABCDEFGHIJKLMNOP"]),
		concat("", ["ghp_", "abcdefghijklmnopqrstuvwxyz0123456789"]), concat("", ["glpat-", "abcdefghij0123456789"]),
		"postgres://app:hunter2@db.example.com/shop", "url: amqp://user:hunter2@mq",
		"a=1\npassword=hunter2\nb=2", "  db_password: \"hunter2\"", "{\n\"apiKey\": \"hunter2\",\n}", "export AWS_SECRET_ACCESS_KEY=hunter2x",
	} {
		count(messages(write({"settings": value}))) == 1
	}
}

test_ordinary_values if {
	every value in {
		"on", "https://example.com:8443/a", "password=${DB_PASSWORD}", "password: <set by the operator>", "token: true",
		"-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----", "user@example.com", "# the password is in a secret",
		"redis://:@cache", "http://user@example.com", "passwordPolicy=strong-enough",
		"existingSecret: shop-database", "imagePullSecret: registry",
	} {
		messages(write({"settings": value})) == set()
	}
}

test_every_write if {
	reference := {"resource": "configmaps", "namespace": "shop", "name": "settings"}
	every verb in fixtures.write_verbs {
		count(messages(fixtures.request(verb, reference, {"requestObject": {"data": {"password": "x"}}}))) == 1
		count(messages(fixtures.request(verb, reference, {"requestObject": {"binaryData": {"password": "eA=="}}}))) == 1
	}
	count(messages(fixtures.request("patch", reference, {"requestObject": [
		{"op": "add", "path": "/data/db_password", "value": "x"},
	]}))) == 1
	count(messages(fixtures.request("patch", reference, {"requestObject": [
		{"op": "replace", "path": "/data", "value": {"db_password": "x"}},
	]}))) == 1
	count(messages(fixtures.request("patch", reference, {"requestObject": [
		{"op": "add", "path": "/data/0", "value": "password=hunter2"},
	]}))) == 1
}

test_the_cluster_itself_and_other_requests_are_not if {
	messages(object.union(write({"password": "x"}), {"user": fixtures.controller})) == set()
	messages(fixtures.request("delete", {"resource": "configmaps"}, {"requestObject": {"data": {"password": "x"}}})) == set()
	messages(fixtures.request("create", {"resource": "secrets"}, {"requestObject": {"data": {"password": "x"}}})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(write({"password": "x"}), field))) == 1
	}
}
