# METADATA
# title: Invalid credentials
# description: Someone gave the API server credentials that it does not accept.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/authentication/
#     description: Kubernetes, authenticating
#   - ref: https://attack.mitre.org/techniques/T1110/
#     description: MITRE ATT&CK T1110, Brute Force
# custom:
#   id: invalid-credentials
#   priority: Notice
#   tags: [mitre_credential_access, T1110]
#   controls:
#     soc2: [CC6.1, CC6.6, CC7.2]
#     hipaa: [164.312(d)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     A run of rejected credentials from one address is how guessing, and the replay of a stolen
#     token that has since expired, look to the API server.
#   benign: >-
#     Expired tokens and certificates: a laptop that was asleep, a pod whose service account was
#     deleted and made again, a CI job with last quarter's kubeconfig. One or two from a known address
#     are that; many, or an address that you do not know, are not.
#   evasions: >-
#     The request was not authenticated, so the event names no user and its addresses, but for the
#     last one, are the client's word. Where anonymous requests are allowed, a client that drops the
#     bad token becomes anonymous: see anonymous-request.
package guardrails.access.invalid_credentials

import data.parapet.lib

# The API server logs these at ResponseStarted only, and without a user. An authentication that a
# webhook or an aggregated API refuses later can have one.
violation contains finding(message) if {
	input.responseStatus.code == 401
	lib.is_answered
	message := $"{caller} from {lib.source} gave credentials that the API server does not accept"
}

caller := input.user.username if input.user.username != ""

else := "somebody"

finding(message) := lib.finding(rego.metadata.chain(), message)
