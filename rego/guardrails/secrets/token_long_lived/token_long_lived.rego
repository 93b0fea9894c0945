# METADATA
# title: Token with a long lifetime requested
# description: Someone asked for a service account token that is valid for more than a day.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
#     description: Kubernetes, TokenRequest
#   - ref: https://attack.mitre.org/techniques/T1528/
#     description: MITRE ATT&CK T1528, Steal Application Access Token
# custom:
#   id: token-long-lived
#   priority: Warning
#   tags: [mitre_persistence, T1078, mitre_credential_access, T1528]
#   controls:
#     soc2: [CC6.1, CC6.2]
#     hipaa: [164.312(a)(2)(i), 164.312(d)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     A token cannot be revoked without deleting what it is bound to. One that is valid for a year
#     is a key that has been handed out.
#   benign: >-
#     CI systems and tools outside the cluster that are set up with `kubectl create token
#     --duration`. A workload inside gets its token renewed and needs no long one.
#   evasions: >-
#     An account that asks for itself counts as well. Many short tokens, renewed in time, last as
#     long. The API server may shorten what was asked for: what it granted is in the response. At
#     level Metadata the lifetime is not in the log.
package guardrails.secrets.token_long_lived

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "serviceaccounts"
	input.objectRef.subresource == "token"
	input.verb == "create"
	lib.is_answered
	lib.is_not_component
	input.requestObject.spec.expirationSeconds > seconds_in_a_day
	days := floor(input.requestObject.spec.expirationSeconds / seconds_in_a_day)
	attempt := lib.did("got a token", "get a token")
	message := $"{lib.actor} {attempt} for {lib.target} that is valid for {lifetime(days)}"
}

seconds_in_a_day := 86400

lifetime(days) := "more than a day" if days == 1

lifetime(days) := $"{days} days or more" if days > 1

finding(message) := lib.finding(rego.metadata.chain(), message)
