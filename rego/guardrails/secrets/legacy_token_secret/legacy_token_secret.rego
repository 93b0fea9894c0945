# METADATA
# title: Long-lived token made as a secret
# description: >-
#   A secret was written that holds, or that the cluster will fill with, a token that does not
#   expire: of a service account, or for joining nodes.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets
#     description: Kubernetes, service account token secrets
#   - ref: https://attack.mitre.org/techniques/T1528/
#     description: MITRE ATT&CK T1528, Steal Application Access Token
# custom:
#   id: legacy-token-secret
#   priority: Warning
#   tags: [mitre_persistence, T1078, mitre_credential_access, T1528]
#   controls:
#     soc2: [CC6.1, CC6.2]
#     hipaa: [164.312(a)(2)(i), 164.312(d)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     Such a token outlives the pod, the person and often the memory that made it. It is how an
#     attacker with a minute in the cluster keeps the key.
#   benign: >-
#     Old CI systems and other clusters that can only hold a fixed token, and `kubeadm token create`
#     when a node is added.
#   evasions: >-
#     A secret that names the account in an annotation counts whatever its type says, and a
#     bootstrap token is known by its name, so that level Metadata is enough for it; the type of
#     other secrets is seen only at level Request. A long lifetime without a secret is reported by
#     token-long-lived.
package guardrails.secrets.legacy_token_secret

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "secrets"
	lib.is_write
	lib.is_outsider
	some document in lib.documents
	document.type in {"kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"}
	message := $"{lib.actor} {lib.acted} {lib.target}, which holds a token that does not expire by itself"
}

violation contains finding(message) if {
	input.objectRef.resource == "secrets"
	lib.is_write
	lib.is_outsider
	some document in lib.documents
	regex.match(`.`, document.metadata.annotations["kubernetes.io/service-account.name"]) # null takes it away
	message := $"{lib.actor} {lib.acted} {lib.target}, which holds a token that does not expire by itself"
}

violation contains finding(message) if {
	input.objectRef.resource == "secrets"
	lib.is_write
	lib.is_outsider
	some operation in lib.operations
	operation.path == "/metadata/annotations/kubernetes.io~1service-account.name"
	message := $"{lib.actor} {lib.acted} {lib.target}, which holds a token that does not expire by itself"
}

violation contains finding(message) if {
	input.objectRef.resource == "secrets"
	input.objectRef.namespace == "kube-system"
	startswith(input.objectRef.name, "bootstrap-token-")
	lib.is_write
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}, which holds a token that does not expire by itself"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
