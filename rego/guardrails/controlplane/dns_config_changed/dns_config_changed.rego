# METADATA
# title: Cluster DNS configuration changed
# description: The configuration of the cluster's name service was written or deleted.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/
#     description: Kubernetes, customizing DNS
#   - ref: https://attack.mitre.org/techniques/T1557/
#     description: MITRE ATT&CK T1557, Adversary-in-the-Middle
#   - ref: https://attack.mitre.org/techniques/T1499/
#     description: MITRE ATT&CK T1499, Endpoint Denial of Service
# custom:
#   id: dns-config-changed
#   priority: Warning
#   tags: [mitre_impact, T1499]
#   controls:
#     soc2: [CC6.6, CC7.1, CC8.1]
#     hipaa: [164.312(c)(1), 164.312(e)(1)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     Every workload finds every other by this service. Whoever writes its configuration can send
#     the traffic of all of them elsewhere.
#   benign: Forwarding a company domain to its own name servers, upgrades of CoreDNS.
#   evasions: >-
#     coredns, coredns-custom, kube-dns and node-local-dns are known by their names, in every system
#     namespace. Changing the deployment instead is reported by system-workload-changed; an answer
#     forged by a pod on the network is not in the log.
package guardrails.controlplane.dns_config_changed

import data.parapet.lib

violation contains finding(message) if {
	lib.is_dns_config
	lib.is_change
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}, which tells the cluster's name service where to look"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
