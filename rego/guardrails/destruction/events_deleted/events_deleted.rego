# METADATA
# title: Events deleted
# description: Someone deleted the events of Kubernetes, which tell what happened to pods and nodes.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
#     description: Kubernetes, Event
#   - ref: https://attack.mitre.org/techniques/T1070/
#     description: MITRE ATT&CK T1070, Indicator Removal
# custom:
#   id: events-deleted
#   priority: Warning
#   tags: [mitre_defense_evasion, T1070]
#   controls:
#     soc2: [CC7.2, CC7.3]
#     hipaa: [164.312(b), 164.312(c)(1)]
#     gdpr: [Art. 5(2), Art. 32(1)(b)]
#   why: >-
#     Events expire by themselves within the hour, so nobody needs to delete them. Whoever does wants
#     fewer traces: of a pod that failed to start, of an image that was pulled.
#   benign: >-
#     Test suites that clean up, and the deletion of a namespace, whose events the namespace
#     controller deletes (not reported).
#   evasions: >-
#     Both APIs that events have (core and events.k8s.io), one by one or all at once, are covered.
#     Rewriting an event instead of deleting it, and shortening the API server's --event-ttl, are not.
package guardrails.destruction.events_deleted

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "events"
	lib.is_delete
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
