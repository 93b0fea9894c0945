# METADATA
# title: Pod security weakened
# description: >-
#   A namespace was told to accept privileged pods, or its Pod Security label was removed.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
#     description: Kubernetes, Pod Security admission
#   - ref: https://attack.mitre.org/techniques/T1562/001/
#     description: MITRE ATT&CK T1562.001, Impair Defenses, Disable or Modify Tools
# custom:
#   id: pod-security-weakened
#   priority: Warning
#   tags: [mitre_defense_evasion, T1562.001, mitre_privilege_escalation, T1611]
#   controls:
#     soc2: [CC6.1, CC6.3, CC6.8]
#     hipaa: [164.312(a)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: >-
#     The label is the only thing between whoever may create pods in the namespace and the nodes. It
#     is usually taken away shortly before the pod that it forbids is created.
#   benign: Namespaces for network and storage plugins and other agents, when they are set up.
#   evasions: >-
#     Setting enforce, audit or warn to privileged counts, on create, update and every patch, and so
#     does removing a label by a patch. A step from restricted to baseline, and an update that
#     leaves the label out, cannot be told from the event, which does not show what was there
#     before. Exemptions in the API server's own configuration are not in the log.
package guardrails.controlplane.pod_security_weakened

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "namespaces"
	lib.is_write
	lib.is_outsider
	some _ in weakened
	modes := concat(", ", sort(weakened))
	message := $"{lib.actor} {lib.acted} {lib.target} so that Pod Security accepts privileged pods ({modes})"
}

# A merge patch removes a label by making it null.
weakened contains mode if {
	some label, mode in labels
	some document in lib.documents
	document.metadata.labels[label] in {"privileged", null}
}

weakened contains mode if {
	some label, mode in labels
	some operation in lib.operations
	operation.path == pointer(label)
	operation.value in {"privileged", null}
}

weakened contains mode if {
	some label, mode in labels
	input.verb == "patch"
	is_array(input.requestObject)
	some operation in input.requestObject
	operation.op == "remove"
	operation.path in {pointer(label), "/metadata/labels"}
}

pointer(label) := concat("", ["/metadata/labels/", replace(label, "/", "~1")])

labels := {
	"pod-security.kubernetes.io/enforce": "enforce",
	"pod-security.kubernetes.io/audit": "audit",
	"pod-security.kubernetes.io/warn": "warn",
}

finding(message) := lib.finding(rego.metadata.chain(), message)
