# METADATA
# title: Credentials in a config map
# description: >-
#   A config map was written with a key or a value that looks like a password, a key or a token.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/configmap/
#     description: Kubernetes, config maps
#   - ref: https://attack.mitre.org/techniques/T1552/001/
#     description: MITRE ATT&CK T1552.001, Unsecured Credentials, Credentials In Files
# custom:
#   id: configmap-credentials
#   priority: Warning
#   tags: [mitre_credential_access, T1552.001, T1552.007]
#   falco:
#     mode: none
#     reason: >-
#       Its patterns ignore case and are longer than the 255 bytes that Falco takes.
#   controls:
#     soc2: [CC6.1, C1.1]
#     hipaa: [164.312(a)(1), 164.312(d)]
#     gdpr: [Art. 5(1)(f), Art. 32(1)(b)]
#   why: >-
#     Config maps are not meant to keep anything secret: most roles may read them, the encryption that
#     clusters set up for secrets leaves them out, and audit logs show their values. A password in one
#     has been given to everybody who may look around.
#   benign: >-
#     Keys that are named after a credential but hold its path, its name or its lifetime; most such
#     names are left out. Public keys and certificates are not reported.
#   evasions: >-
#     Create, update and every kind of patch are read, keys in any style (DB_PASSWORD, dbPassword,
#     db.password), lines such as `password=…` in a file, and values with a known shape (private
#     keys, JWTs, access keys of clouds and code hosts, passwords in URLs). An encoded or split
#     value under an innocent name is not found. At level Metadata the log shows neither keys nor
#     values.
package guardrails.secrets.configmap_credentials

import data.parapet.lib

# The values stay out of the message.
violation contains finding(message) if {
	input.objectRef.resource == "configmaps"
	lib.is_write
	lib.is_outsider
	some _ in suspicious
	keys := concat(", ", sort({trim_prefix(trim_prefix(key, "/data/"), "/binaryData/") | some key in suspicious}))
	message := $"{lib.actor} {lib.acted} {lib.target} with what looks like credentials under {keys}"
}

suspicious contains key if {
	some [key, value] in entries
	not value in {"", null} # null: a patch takes it away
	is_credential_key(key)
}

suspicious contains key if {
	some [key, value] in entries
	regex.match(credential_value, value)
}

suspicious contains key if {
	some [key, value] in entries
	regex.match(credential_line, value)
}

suspicious contains key if {
	some document in lib.documents
	some key, value in document.binaryData
	value != null
	is_credential_key(key)
}

suspicious contains operation.path if {
	some operation in lib.operations
	startswith(operation.path, "/binaryData/")
	is_credential_key(operation.path)
}

# Keys with their values. The key of a JSON patch is the end of its path.
entries contains [key, value] if {
	some document in lib.documents
	some key, value in document.data
}

entries contains [operation.path, operation.value] if {
	some operation in lib.operations
	startswith(operation.path, "/data/")
}

# Names that end in a word for a credential; a name that goes on (`tokenTTL`, `secretName`) is about one.
is_credential_key(key) if {
	regex.match(
		`(?i)(passw(or)?d|passwd|passphrase|secret|token|credentials?|(api|access|private|secret|signing|encryption)[-_.]?key([-_.]?id)?)s?$`,
		key,
	)
}

is_credential_key(key) if {
	regex.match(`(?i)(^|/)([.]?(netrc|pgpass|htpasswd|dockercfg|dockerconfigjson|git-credentials)|id_(rsa|dsa|ecdsa|ed25519)|kubeconfig)$`, key)
}

# Shapes that are credentials wherever they stand.
credential_value := concat("|", [
	`-----BEGIN ([A-Z]+ )*PRIVATE KEY`,
	`eyJ[A-Za-z0-9_-]{10,}[.]eyJ[A-Za-z0-9_-]{10,}[.]`, # a JWT
	`(AKIA|ASIA)[0-9A-Z]{16}`, # AWS
	`AIza[0-9A-Za-z_-]{35}`, # Google
	`(ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22}`,
	`glpat-[A-Za-z0-9_-]{20}`,
	`xox[abprs]-[A-Za-z0-9-]{10}`, # Slack
	`(sk|rk)_live_[A-Za-z0-9]{16}`, # Stripe
	`[a-z][a-z0-9+.-]*://[^/\s:@"'${}]*:[^/\s:@"'${}]{3,}@`, # a URL with a password
])

# A line of a settings file that sets one: not to a variable, a placeholder or a yes or no.
credential_line := concat("", [
	`(?im)^[\s"'-]*(export\s+)?([a-z0-9_.-]*(passw(or)?d|passphrase|token|(api|access|private|secret)[-_.]?key)`,
	`|([a-z0-9]+[-_.])*(client|shared|jwt|app)?[-_.]?secret)["']?\s*[:=]\s*["']?[^\s"'${<\[(%]{6,}["']?[,;]?\s*$`,
])

finding(message) := lib.finding(rego.metadata.chain(), message)
