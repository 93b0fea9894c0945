# METADATA
# title: Service account used from outside the cluster
# description: A service account made a request from a public address that is not in `org.networks`.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/service-accounts/
#     description: Kubernetes, service accounts
#   - ref: https://attack.mitre.org/techniques/T1550/001/
#     description: MITRE ATT&CK T1550.001, Use Alternate Authentication Material, Application Access Token
# custom:
#   id: account-used-outside
#   priority: Notice
#   tags: [mitre_initial_access, T1133, mitre_lateral_movement, T1550.001]
#   controls:
#     soc2: [CC6.1, CC6.6, CC7.2]
#     hipaa: [164.312(a)(1), 164.312(d)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     A service account is for workloads, and workloads are in the cluster. Its token in use on the
#     Internet has left the pod that it was made for.
#   benign: >-
#     CI services and tools outside that log in with a service account's token, and pods whose
#     traffic leaves the cluster through a public address. List their networks in `org.networks`.
#   evasions: >-
#     A stolen token that is used from inside the cluster, or from behind a load balancer that hides
#     its clients, looks like its owner. All addresses of a request count, so a forged
#     X-Forwarded-For takes no finding away.
package guardrails.access.account_used_outside

import data.parapet.lib

violation contains finding(message) if {
	startswith(input.user.username, "system:serviceaccount:")
	lib.is_answered
	some address in input.sourceIPs
	not lib.is_private(address)
	not lib.is_known(address)
	message := $"{lib.actor} sent a request from the public address {address}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
