# METADATA
# title: Configuration in a system namespace changed
# description: >-
#   A config map in a namespace of `org.system_namespaces` was written or deleted by someone who is
#   not a controller of the cluster.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces
#     description: Kubernetes, initial namespaces
#   - ref: https://attack.mitre.org/techniques/T1098/006/
#     description: MITRE ATT&CK T1098.006, Account Manipulation, Additional Container Cluster Roles
# custom:
#   id: system-config-changed
#   priority: Warning
#   tags: [mitre_persistence, mitre_privilege_escalation, T1098.006]
#   controls:
#     soc2: [CC6.1, CC7.1, CC8.1]
#     hipaa: [164.312(c)(1)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     The settings of kube-proxy, of the kubelets and, on some clouds, who may log in (aws-auth) are
#     config maps there.
#   benign: Upgrades of the cluster and of add-ons, by people or by a delivery service.
#   evasions: >-
#     Every verb that changes counts. The configuration of DNS has a guardrail of its own: see
#     dns-config-changed. Settings that live in an add-on's own kinds of object, or in files on the
#     nodes, are not seen.
package guardrails.controlplane.system_config_changed

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "configmaps"
	lib.in_system_namespace
	lib.is_change
	lib.is_outsider
	not lib.is_dns_config
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
