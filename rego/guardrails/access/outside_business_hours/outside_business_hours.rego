# METADATA
# title: Activity outside business hours
# description: >-
#   A person changed something, read a secret or ran a command outside the hours given in
#   `org.hours`.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
#     description: Kubernetes, auditing
#   - ref: https://attack.mitre.org/techniques/T1078/
#     description: MITRE ATT&CK T1078, Valid Accounts
# custom:
#   id: outside-business-hours
#   priority: Notice
#   tags: [mitre_initial_access, T1078]
#   falco:
#     mode: none
#     reason: >-
#       Falco compares texts, and cannot tell the day of the week or the hour in another zone.
#   controls:
#     soc2: [CC6.1, CC7.2]
#     hipaa: [164.312(b)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     Attackers choose nights and weekends, when nobody looks at a screen and a team needs hours to
#     gather.
#   benign: >-
#     People on call, maintenance windows, colleagues in another time zone. Off until `org.hours` is
#     set.
#   evasions: >-
#     Reading anything but secrets is not reported, and neither are service accounts, which know no
#     hours. The zone is a fixed offset: where clocks change in summer, the hours shift by one for
#     half of the year.
package guardrails.access.outside_business_hours

import data.parapet.lib

violation contains finding(message) if {
	data.org.hours.zone
	is_of_interest
	lib.is_answered
	lib.is_person

	# A comprehension, which partial evaluation leaves alone, where it would multiply all this arithmetic.
	within := [true | lib.is_business_hours]
	count(within) == 0
	message := $"{lib.actor} {lib.acted} {lib.target} {when}"
}

# A mistake in the data must not switch a guardrail off in silence.
default when := "at a time that org.hours cannot place: is its zone an offset such as +01:00?"

when := $"on {lib.weekday} at {lib.wall_time}, outside business hours" if {
	readings := [true | lib.weekday]
	count(readings) > 0
}

is_of_interest if input.verb in lib.change_verbs

is_of_interest if input.objectRef.resource == "secrets"

is_of_interest if input.objectRef.subresource in {"exec", "attach", "portforward", "proxy"}

finding(message) := lib.finding(rego.metadata.chain(), message)
