# METADATA
# title: Default service account used
# description: >-
#   A request was made with the service account called `default`, which does not tell which workload
#   made it.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts
#     description: Kubernetes, default service accounts
#   - ref: https://attack.mitre.org/techniques/T1078/001/
#     description: MITRE ATT&CK T1078.001, Valid Accounts, Default Accounts
# custom:
#   id: default-account-used
#   priority: Notice
#   tags: [mitre_privilege_escalation, T1078.001, mitre_lateral_movement, T1550.001]
#   controls:
#     soc2: [CC6.1, CC6.3]
#     hipaa: [164.312(a)(2)(i), 164.312(d)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: >-
#     Every pod that asks for no account runs as `default`, so its token lies in places that nobody
#     chose, and its requests cannot be traced to a workload.
#   benign: >-
#     Small applications that look up their own endpoints. Giving them an account of their own ends
#     the finding and says who they are.
#   evasions: >-
#     Any other account that several workloads share is as ambiguous, and is not seen. Refused
#     requests are left to forbidden-request.
package guardrails.access.default_account_used

import data.parapet.lib

violation contains finding(message) if {
	startswith(input.user.username, "system:serviceaccount:")
	endswith(input.user.username, ":default")
	lib.is_answered
	not lib.is_refused
	message := $"{lib.actor} {lib.acted} {lib.target}: some pod that runs without an account of its own"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
