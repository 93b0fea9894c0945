# METADATA
# title: Role that can make itself stronger
# description: A role was written that allows escalate, bind or impersonate.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb
#     description: Kubernetes, RBAC good practices, escalate
#   - ref: https://attack.mitre.org/techniques/T1098/006/
#     description: MITRE ATT&CK T1098.006, Account Manipulation, Additional Container Cluster Roles
# custom:
#   id: escalation-verbs
#   priority: Error
#   tags: [mitre_privilege_escalation, mitre_persistence, T1098.006]
#   controls:
#     soc2: [CC6.1, CC6.3]
#     hipaa: [164.312(a)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b), Art. 32(4)]
#   why: >-
#     Kubernetes lets nobody grant more than they have, but for these three verbs: escalate writes
#     any role, bind grants any role, impersonate becomes any user. They are cluster-admin in two
#     steps.
#   benign: >-
#     Tools that manage roles for others (GitOps controllers, multi-tenancy operators) and proxies
#     that impersonate their users.
#   evasions: >-
#     Roles count as cluster roles do, update and every patch as create does, and so do the verbs of
#     constrained impersonation. A star among the verbs is reported by wildcard-role. Writing
#     bindings needs no such verb for rights that one has already.
package guardrails.rbac.escalation_verbs

import data.parapet.lib

violation contains finding(message) if {
	lib.is_role_write
	some _ in dangerous
	message := $"{lib.actor} {lib.acted} {lib.target} so that it allows {concat(", ", sort(dangerous))}"
}

dangerous contains verb if {
	some rule in lib.role_rules
	some verb in rule.verbs
	verb in {"escalate", "bind"}
}

dangerous contains verb if {
	some rule in lib.role_rules
	some verb in rule.verbs
	startswith(verb, "impersonate")
}

finding(message) := lib.finding(rego.metadata.chain(), message)
