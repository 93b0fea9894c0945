# METADATA
# title: Wildcard role
# description: A role was written that allows every verb, every resource or every API group.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/#least-privilege
#     description: Kubernetes, RBAC good practices, least privilege
#   - ref: https://attack.mitre.org/techniques/T1098/006/
#     description: MITRE ATT&CK T1098.006, Additional Container Cluster Roles
# custom:
#   id: wildcard-role
#   priority: Warning
#   tags: [mitre_persistence, mitre_privilege_escalation, T1098.006]
#   falco:
#     mode: widen
#     reason: >-
#       Falco cannot tell whether a selector of other roles asks for nothing.
#   controls:
#     soc2: [CC6.1, CC6.3]
#     hipaa: [164.312(a)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: >-
#     A star grants what exists today and whatever is added tomorrow, secrets, exec and the verbs
#     escalate and impersonate among it. Such a role is cluster-admin under a name that no one watches.
#   benign: >-
#     Operators that ask for every verb on the resources of their own API group, when they are
#     installed. The message names the stars, which tells such a role from one that opens everything.
#   evasions: >-
#     Roles count as cluster roles do, update and patch as create does; `*/scale` and non-resource
#     URLs such as `/*` are stars too, and so is an aggregation rule that selects every role. Listing
#     everything by name instead of by a star is not seen here: see escalation-verbs and
#     sensitive-role for what hurts most.
package guardrails.rbac.wildcard_role

import data.parapet.lib

violation contains finding(message) if {
	lib.is_role_write
	some _ in openings
	message := $"{lib.actor} {lib.acted} {lib.target} so that it covers {concat(", ", sort(openings))}"
}

openings contains "every verb" if {
	some rule in lib.role_rules
	"*" in rule.verbs
}

openings contains "every resource" if {
	some rule in lib.role_rules
	some resource in rule.resources
	startswith(resource, "*")
}

openings contains "every API group" if {
	some rule in lib.role_rules
	"*" in rule.apiGroups
}

openings contains "every path of the API server" if {
	some rule in lib.role_rules
	some url in rule.nonResourceURLs
	url in {"*", "/*"}
}

openings contains "the rules of every cluster role" if {
	some selector in selectors
	selects_everything(selector)
}

selectors contains selector if {
	some document in lib.documents
	some selector in document.aggregationRule.clusterRoleSelectors
}

selectors contains selector if {
	some operation in lib.operations
	some pattern, selector in {
		`^/aggregationRule/clusterRoleSelectors/[^/]+$`: operation.value,
		`^/aggregationRule/clusterRoleSelectors/[^/]+/matchLabels$`: {"matchLabels": operation.value},
		`^/aggregationRule/clusterRoleSelectors/[^/]+/matchExpressions$`: {"matchExpressions": operation.value},
	}
	regex.match(pattern, operation.path)
}

# A selector that asks for nothing; the API server takes null for one.
selects_everything(selector) if not asks(selector)

asks(selector) if some _ in selector.matchLabels

asks(selector) if some _ in selector.matchExpressions

finding(message) := lib.finding(rego.metadata.chain(), message)
