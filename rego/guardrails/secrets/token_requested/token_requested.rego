# METADATA
# title: Token requested for another service account
# description: Someone had a token made for a service account that is not their own.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request
#     description: Kubernetes, RBAC good practices, token request
#   - ref: https://attack.mitre.org/techniques/T1528/
#     description: MITRE ATT&CK T1528, Steal Application Access Token
# custom:
#   id: token-requested
#   priority: Warning
#   tags: [mitre_credential_access, T1528, mitre_privilege_escalation, T1078]
#   controls:
#     soc2: [CC6.1, CC6.2, CC6.3]
#     hipaa: [164.312(a)(2)(i), 164.312(d)]
#     gdpr: [Art. 32(1)(b), Art. 32(4)]
#   why: >-
#     With the token of a service account one is that account: its rights become one's own, and the
#     audit log shows its name instead of one's own.
#   benign: >-
#     `kubectl create token` while debugging, and controllers that hand tokens to other systems
#     (secret stores, backup tools). Kubelets request tokens for the pods that they run and the
#     controller manager for its own controllers: these are not reported.
#   evasions: >-
#     A pod that runs as the account finds its token mounted and requests nothing, and a secret of
#     type service-account-token is filled by the controller manager: see legacy-token-secret.
#     A compromised node can request tokens for the pods that are scheduled on it.
package guardrails.secrets.token_requested

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "serviceaccounts"
	input.objectRef.subresource == "token"
	input.verb == "create"
	lib.is_answered
	lib.is_not_component
	not is_own
	attempt := lib.did("got a token for", "get a token for")
	message := $"{lib.actor} {attempt} {lib.target}"
}

is_own if {
	owner := concat(":", ["system:serviceaccount", input.objectRef.namespace, input.objectRef.name])
	input.user.username == owner
}

finding(message) := lib.finding(rego.metadata.chain(), message)
