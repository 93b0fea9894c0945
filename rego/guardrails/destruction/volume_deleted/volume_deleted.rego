# METADATA
# title: Persistent volume or claim deleted
# description: Someone deleted storage, or the claim that holds it.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming
#     description: Kubernetes, reclaiming persistent volumes
#   - ref: https://attack.mitre.org/techniques/T1485/
#     description: MITRE ATT&CK T1485, Data Destruction
# custom:
#   id: volume-deleted
#   priority: Warning
#   tags: [mitre_impact, T1485]
#   controls:
#     soc2: [CC7.2, A1.2]
#     hipaa: [164.312(c)(1)]
#     gdpr: [Art. 32(1)(b), Art. 32(1)(c)]
#   why: >-
#     With the usual reclaim policy the data is gone with the claim. Backups are looked for at this
#     moment, not before.
#   benign: >-
#     Retiring an application, and storage controllers that delete a volume after its claim: those
#     in a namespace of `org.system_namespaces` are not reported.
#   evasions: >-
#     One by one and all at once, volumes, claims and snapshots count. Deleting the data inside a
#     volume, and deleting it at the cloud, is not in the log.
package guardrails.destruction.volume_deleted

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource in {
		"persistentvolumes",
		"persistentvolumeclaims",
		"volumesnapshots",
		"volumesnapshotcontents",
	}
	lib.is_delete
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
