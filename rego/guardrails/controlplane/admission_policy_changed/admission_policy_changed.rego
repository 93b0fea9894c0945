# METADATA
# title: Admission policy changed
# description: >-
#   Someone created, changed or deleted a policy that decides which changes the API server accepts:
#   of Kubernetes itself, of Gatekeeper or of Kyverno.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
#     description: Kubernetes, validating admission policy
#   - ref: https://attack.mitre.org/techniques/T1562/001/
#     description: MITRE ATT&CK T1562.001, Impair Defenses, Disable or Modify Tools
# custom:
#   id: admission-policy-changed
#   priority: Warning
#   tags: [mitre_defense_evasion, T1562.001]
#   controls:
#     soc2: [CC6.8, CC7.1, CC8.1]
#     hipaa: [164.312(c)(1)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     These policies are the rules of the house. One that is deleted, bound to fewer namespaces or
#     turned from deny to audit lets through what it was written to stop.
#   benign: >-
#     The team that owns the policies, and the delivery service that applies them. A change that
#     came through review has a commit to point to.
#   evasions: >-
#     Policies and their bindings, every verb, denied attempts too. Statuses are not reported.
#     Taking a namespace out of a policy by a label on the namespace is not seen; neither is
#     removing the engine itself: see admission-webhook-changed and system-workload-changed.
package guardrails.controlplane.admission_policy_changed

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource in {
		"validatingadmissionpolicies",
		"validatingadmissionpolicybindings",
		"mutatingadmissionpolicies",
		"mutatingadmissionpolicybindings",
	}
	not input.objectRef.subresource == "status"
	lib.is_change
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

violation contains finding(message) if {
	input.objectRef.apiGroup in {"constraints.gatekeeper.sh", "templates.gatekeeper.sh"}
	not input.objectRef.subresource == "status"
	lib.is_change
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

violation contains finding(message) if {
	input.objectRef.apiGroup in {"kyverno.io", "policies.kyverno.io"}
	regex.match(`polic(ies|yexceptions)$`, input.objectRef.resource)
	not input.objectRef.subresource == "status"
	lib.is_change
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
