# METADATA
# title: Everything of a kind deleted
# description: >-
#   Someone deleted all objects of a kind, in a namespace or in the cluster, with one request.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-deletion
#     description: Kubernetes, deleting objects
#   - ref: https://attack.mitre.org/techniques/T1485/
#     description: MITRE ATT&CK T1485, Data Destruction
# custom:
#   id: mass-deletion
#   priority: Warning
#   tags: [mitre_impact, T1485]
#   controls:
#     soc2: [CC7.2, CC8.1, A1.2]
#     hipaa: [164.312(c)(1)]
#     gdpr: [Art. 32(1)(b), Art. 32(1)(c)]
#   why: >-
#     People delete objects by name. One request for all of them is a script, a mistake or an
#     attack, and in each case somebody should know at once.
#   benign: >-
#     Operators and test suites that clean up behind themselves with deletecollection; `kubectl
#     delete --all` deletes one by one and is not reported.
#   evasions: >-
#     Label selectors are not looked at: all objects with a label are many objects too. A loop over
#     single deletes is not seen in one event. Events of Kubernetes have a guardrail of their own:
#     see events-deleted.
package guardrails.destruction.mass_deletion

import data.parapet.lib

violation contains finding(message) if {
	input.verb == "deletecollection"
	input.objectRef.resource != "events"
	lib.is_answered
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
