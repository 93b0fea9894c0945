# METADATA
# title: Unknown user
# description: A person who is not among the users listed in `org.users.known` made a request.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#users-in-kubernetes
#     description: Kubernetes, users
#   - ref: https://attack.mitre.org/techniques/T1078/
#     description: MITRE ATT&CK T1078, Valid Accounts
# custom:
#   id: unknown-user
#   priority: Warning
#   tags: [mitre_initial_access, T1078, mitre_persistence, T1136.001]
#   controls:
#     soc2: [CC6.1, CC6.2]
#     hipaa: [164.312(a)(2)(i), 164.312(d)]
#     gdpr: [Art. 32(1)(b), Art. 32(4)]
#   why: >-
#     Kubernetes keeps no list of users: whoever holds a certificate that it signed, or a token of
#     the identity provider, is one. A name that nobody expects is a certificate that nobody
#     remembers issuing.
#   benign: >-
#     New colleagues, and the administrators of a managed cluster's provider. Off until
#     `org.users.known` lists somebody.
#   evasions: >-
#     A made-up name that matches a pattern such as `*@example.com` is known, and so is a stolen
#     account that is listed. Service accounts are not people. A refused request counts as well.
package guardrails.access.unknown_user

import data.parapet.lib

violation contains finding(message) if {
	count(data.org.users.known) > 0
	lib.is_person
	lib.is_answered
	not is_expected
	message := $"{lib.actor}, who is not among the known users, {lib.acted} {lib.target}"
}

# A pattern's `*` stands for any text. (`null` means that no character separates parts of a name.)
is_expected if {
	some pattern in data.org.users.known
	glob.match(pattern, null, input.user.username)
}

is_expected if input.user.username in data.org.users.break_glass

finding(message) := lib.finding(rego.metadata.chain(), message)
