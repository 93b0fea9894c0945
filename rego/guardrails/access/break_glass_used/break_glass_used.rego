# METADATA
# title: Break-glass account used
# description: An account that is kept for emergencies (`org.users.break_glass`) made a request.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#     description: Kubernetes, RBAC good practices
#   - ref: https://attack.mitre.org/techniques/T1078/
#     description: MITRE ATT&CK T1078, Valid Accounts
# custom:
#   id: break-glass-used
#   priority: Error
#   tags: [mitre_initial_access, mitre_privilege_escalation, T1078]
#   controls:
#     soc2: [CC6.1, CC6.2, CC7.2]
#     hipaa: [164.312(a)(2)(ii), 164.312(b)]
#     gdpr: [Art. 32(1)(b), Art. 32(4)]
#   why: >-
#     An emergency account has every right and belongs to nobody in particular. Each use must have
#     an emergency that somebody declared.
#   benign: >-
#     Emergencies, and the drills for them. Off until `org.users.break_glass` lists an account.
#   evasions: >-
#     Every request counts, refused ones too, and impersonation hides neither end: acting from or as
#     the account is reported. A token that the account makes for another is reported by
#     token-requested.
package guardrails.access.break_glass_used

import data.parapet.lib

violation contains finding(message) if {
	input.user.username in data.org.users.break_glass
	lib.is_answered
	message := $"{lib.actor}, an account for emergencies, {lib.acted} {lib.target}"
}

violation contains finding(message) if {
	input.impersonatedUser.username in data.org.users.break_glass
	lib.is_answered
	message := $"{lib.actor}, an account for emergencies, {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
