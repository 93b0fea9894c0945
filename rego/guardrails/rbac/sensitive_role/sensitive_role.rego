# METADATA
# title: Role that opens pods or secrets
# description: >-
#   A role was written that allows running commands in pods, reading secrets, making tokens or
#   reaching nodes.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#kubernetes-rbac-privilege-escalation-risks
#     description: Kubernetes, RBAC privilege escalation risks
#   - ref: https://attack.mitre.org/techniques/T1098/006/
#     description: MITRE ATT&CK T1098.006, Account Manipulation, Additional Container Cluster Roles
# custom:
#   id: sensitive-role
#   priority: Notice
#   tags: [mitre_privilege_escalation, mitre_persistence, T1098.006]
#   controls:
#     soc2: [CC6.1, CC6.3]
#     hipaa: [164.312(a)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: >-
#     These rights look small and reach far: whoever may exec into a pod has what the pod has,
#     whoever may read secrets has every account whose credentials are among them.
#   benign: >-
#     Operators that keep credentials in secrets and roles for teams that debug their own pods.
#     Worth a look at who is bound to it.
#   evasions: >-
#     Roles count as cluster roles do, update and every patch as create does. Stars are reported by
#     wildcard-role. A role that may create pods can mount any secret and use any account of its
#     namespace, and is not reported: too many roles can.
package guardrails.rbac.sensitive_role

import data.parapet.lib

violation contains finding(message) if {
	lib.is_role_write
	some _ in opened
	what := concat(", ", sort(opened))
	message := $"{lib.actor} {lib.acted} {lib.target} so that it allows {what}"
}

opened contains description if {
	some rule in lib.role_rules
	some resource in rule.resources
	some description in by_itself[resource]
}

opened contains "reading secrets" if {
	some rule in lib.role_rules
	"secrets" in rule.resources
	some verb in rule.verbs
	verb in {"get", "list", "watch", "*"}
}

# What is sensitive with any verb that these subresources have.
by_itself := {
	"pods/exec": ["running commands in pods"],
	"pods/attach": ["attaching to pods"],
	"pods/portforward": ["forwarding ports to pods"],
	"pods/ephemeralcontainers": ["debugging pods"],
	"pods/*": ["running commands in pods"],
	"nodes/proxy": ["reaching kubelets"],
	"nodes/*": ["reaching kubelets"],
	"serviceaccounts/token": ["making tokens"],
	"serviceaccounts/*": ["making tokens"],
	"certificatesigningrequests/approval": ["approving certificates"],
}

finding(message) := lib.finding(rego.metadata.chain(), message)
