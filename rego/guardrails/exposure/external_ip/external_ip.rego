# METADATA
# title: External address claimed
# description: >-
#   A service was written that claims addresses by hand (externalIPs, or a load balancer status
#   written by a person).
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://github.com/kubernetes/kubernetes/issues/97076
#     description: CVE-2020-8554
#   - ref: https://attack.mitre.org/techniques/T1557/
#     description: MITRE ATT&CK T1557, Adversary-in-the-Middle
#   - ref: https://attack.mitre.org/techniques/T1133/
#     description: MITRE ATT&CK T1133, External Remote Services
# custom:
#   id: external-ip
#   priority: Warning
#   tags: [mitre_initial_access, mitre_persistence, T1133]
#   controls:
#     soc2: [CC6.1, CC6.6]
#     hipaa: [164.312(e)(1)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     Whoever may create services can claim any address, also one that is not theirs: the traffic of
#     the whole cluster to it then goes to their pod. Kubernetes has no fix for this (CVE-2020-8554)
#     but to forbid it.
#   benign: Bare-metal clusters that publish services by hand.
#   evasions: >-
#     Create, update and every patch of externalIPs are read, by anyone but the cluster; the status
#     counts when a person writes it, since load balancer controllers do nothing else.
package guardrails.exposure.external_ip

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "services"
	lib.is_write
	lib.is_outsider
	some document in lib.documents
	some _ in document.spec.externalIPs
	message := $"{lib.actor} {lib.acted} {lib.target}, which claims {concat(", ", document.spec.externalIPs)}"
}

violation contains finding(message) if {
	input.objectRef.resource == "services"
	input.objectRef.subresource == "status"
	lib.is_write
	lib.is_person
	some address in balanced
	message := $"{lib.actor} {lib.acted} {lib.target}, which claims {address}"
}

balanced contains ingress.ip if {
	some document in lib.documents
	some ingress in document.status.loadBalancer.ingress
}

balanced contains operation.value if {
	some operation in lib.operations
	startswith(operation.path, "/status/loadBalancer/ingress/")
	endswith(operation.path, "/ip")
}

finding(message) := lib.finding(rego.metadata.chain(), message)
