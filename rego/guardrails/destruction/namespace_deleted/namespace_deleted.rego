# METADATA
# title: Namespace deleted
# description: Someone deleted a namespace, and with it everything in it.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/administer-cluster/namespaces/#deleting-a-namespace
#     description: Kubernetes, deleting a namespace
#   - ref: https://attack.mitre.org/techniques/T1485/
#     description: MITRE ATT&CK T1485, Data Destruction
# custom:
#   id: namespace-deleted
#   priority: Warning
#   tags: [mitre_impact, T1485]
#   controls:
#     soc2: [CC7.2, CC8.1, A1.2]
#     hipaa: [164.312(c)(1)]
#     gdpr: [Art. 32(1)(b), Art. 32(1)(c)]
#   why: >-
#     One request ends every workload, secret and claim of a namespace, and no second one brings
#     them back.
#   benign: >-
#     Preview environments that a CI service makes and removes, and applications that are retired.
#   evasions: >-
#     Denied attempts count. Deleting what is in the namespace instead is reported by mass-deletion
#     and volume-deleted; deleting a few things one by one is not.
package guardrails.destruction.namespace_deleted

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "namespaces"
	lib.is_delete
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target} and everything in it"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
