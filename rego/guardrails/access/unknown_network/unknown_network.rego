# METADATA
# title: Request from an unknown network
# description: A request came from an address outside the networks listed in `org.networks`.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/controlling-access/
#     description: Kubernetes, controlling access to the API
#   - ref: https://attack.mitre.org/techniques/T1133/
#     description: MITRE ATT&CK T1133, External Remote Services
# custom:
#   id: unknown-network
#   priority: Notice
#   tags: [mitre_initial_access, T1133]
#   falco:
#     mode: none
#     reason: >-
#       The networks are data, and Falco cannot tell whether an address is in one of a list of networks.
#   controls:
#     soc2: [CC6.1, CC6.6, CC7.2]
#     hipaa: [164.312(a)(1), 164.312(e)(1)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     A stolen kubeconfig or token works from anywhere. Where it is used from is often the only
#     thing that differs from its owner.
#   benign: >-
#     People who travel, new offices, a CI service with changing addresses. Off until `org.networks`
#     lists something.
#   evasions: >-
#     All addresses of a request count, so that a forged X-Forwarded-For can add a finding but take
#     none away. Behind a load balancer that hides its clients, only the address of the balancer is
#     seen.
package guardrails.access.unknown_network

import data.parapet.lib

violation contains finding(message) if {
	count(data.org.networks) > 0
	lib.is_answered
	lib.is_outsider
	not lib.is_anonymous
	some address in input.sourceIPs
	not lib.is_known(address)
	message := $"{lib.actor} sent a request from {address}, which is in no known network"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
