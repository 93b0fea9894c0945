# METADATA
# title: Permissions enumerated
# description: A person asked the API server what they, or others, are allowed to do.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
#     description: Kubernetes, checking API access
#   - ref: https://attack.mitre.org/techniques/T1069/
#     description: MITRE ATT&CK T1069, Permission Groups Discovery
# custom:
#   id: permission-enumeration
#   priority: Notice
#   tags: [mitre_discovery, T1069, T1613]
#   controls:
#     soc2: [CC6.1, CC7.2]
#     hipaa: [164.312(b)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     The first command after an account was taken over is `kubectl auth can-i --list`: it shows
#     what the account is good for without touching anything.
#   benign: >-
#     Desktop clients and dashboards ask for every button that they draw, and administrators check a
#     role that they have just written. Expect it from the same few people and tools.
#   evasions: >-
#     Trying instead of asking is reported by forbidden-request. Service accounts are reported only
#     for the full list of rules, because many controllers check single rights when they start.
#     Reading roles and bindings tells the same and is not reported.
package guardrails.access.permission_enumeration

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource in {"selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews"}
	input.verb == "create"
	lib.is_answered
	lib.is_person
	asked := lib.did("asked what", "ask what")
	message := $"{lib.actor} {asked} they may do{lib.place}"
}

violation contains finding(message) if {
	input.objectRef.resource in {"subjectaccessreviews", "localsubjectaccessreviews"}
	input.verb == "create"
	lib.is_answered
	lib.is_person
	asked := lib.did("asked what", "ask what")
	message := $"{lib.actor} {asked} others may do{lib.place}"
}

violation contains finding(message) if {
	input.objectRef.resource == "selfsubjectrulesreviews"
	input.verb == "create"
	lib.is_answered
	lib.is_service_account
	lib.is_outsider
	asked := lib.did("asked what", "ask what")
	message := $"{lib.actor} {asked} it may do"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
