# METADATA
# title: Cron job written by a person
# description: A person created or changed a cron job.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
#     description: Kubernetes, cron jobs
#   - ref: https://attack.mitre.org/techniques/T1053/007/
#     description: MITRE ATT&CK T1053.007, Scheduled Task/Job, Container Orchestration Job
# custom:
#   id: cronjob-by-person
#   priority: Notice
#   tags: [mitre_execution, mitre_persistence, mitre_privilege_escalation, T1053.007]
#   controls:
#     soc2: [CC7.1, CC8.1]
#     hipaa: [164.312(c)(1)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     A cron job comes back by itself: after the pod was killed, after the password was changed,
#     after the attacker was thought to be gone.
#   benign: Teams that write cron jobs by hand rather than through a delivery service.
#   evasions: >-
#     Create, update and patch count, a changed schedule or image among them. A cron job written by
#     a service account is not reported here, whatever it runs is judged like any workload. Other
#     things that start again by themselves, such as deployments, are not.
package guardrails.workloads.cronjob_by_person

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "cronjobs"
	lib.is_write
	lib.is_person
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
