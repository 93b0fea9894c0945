# METADATA
# title: Network policy deleted
# description: Someone deleted a rule that says who may talk to a pod.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/
#     description: Kubernetes, network policies
#   - ref: https://attack.mitre.org/techniques/T1562/001/
#     description: MITRE ATT&CK T1562.001, Impair Defenses, Disable or Modify Tools
# custom:
#   id: network-policy-deleted
#   priority: Notice
#   tags: [mitre_defense_evasion, T1562.001]
#   controls:
#     soc2: [CC6.1, CC6.6, CC8.1]
#     hipaa: [164.312(a)(1), 164.312(e)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: A pod without a network policy talks to everyone, and everyone to it.
#   benign: >-
#     Removing an application together with its policies, and deployment tools that replace a policy
#     by deleting it first.
#   evasions: >-
#     Policies of the network plugins (Cilium, Calico) count. Emptying a policy instead of deleting
#     it, or adding one that allows more, is not reported.
package guardrails.exposure.network_policy_deleted

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource in {
		"networkpolicies",
		"globalnetworkpolicies",
		"ciliumnetworkpolicies",
		"ciliumclusterwidenetworkpolicies",
		"adminnetworkpolicies",
		"baselineadminnetworkpolicies",
		"clusternetworkpolicies",
	}
	lib.is_delete
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
