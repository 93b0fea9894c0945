# METADATA
# title: Impersonation
# description: Someone made a request in the name of another user.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
#     description: Kubernetes, user impersonation
#   - ref: https://attack.mitre.org/techniques/T1078/
#     description: MITRE ATT&CK T1078, Valid Accounts
# custom:
#   id: impersonation
#   priority: Warning
#   tags: [mitre_privilege_escalation, T1078, mitre_defense_evasion, T1550.001]
#   controls:
#     soc2: [CC6.1, CC6.3, CC7.2]
#     hipaa: [164.312(a)(2)(i), 164.312(d)]
#     gdpr: [Art. 32(1)(b), Art. 32(4)]
#   why: >-
#     Whoever may impersonate has the rights of everyone whom they may become, and what they do is
#     authorized in that name. The right is as strong as the strongest user that it reaches.
#   benign: >-
#     Administrators who test a role (`kubectl --as`), and proxies and dashboards that log their
#     users in and act for them. Add the namespace of such a proxy to `org.system_namespaces`.
#   evasions: >-
#     Asking which APIs there are is not reported. An attempt that is refused carries no impersonated
#     user, and is reported by forbidden-request. Asking for a token of a service account gets to the
#     same end: see token-requested. The right itself is reported when it is given: see escalation-verbs.
package guardrails.access.impersonation

import data.parapet.lib

violation contains finding(message) if {
	input.impersonatedUser.username
	lib.is_answered
	lib.is_outsider
	not is_discovery
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

# Before their first request, clients ask which APIs there are, in the same name.
is_discovery if {
	input.verb == "get"
	not input.objectRef
	regex.match(`^/(api|apis|openapi|version)(/|[?]|$)`, input.requestURI)
}

finding(message) := lib.finding(rego.metadata.chain(), message)
