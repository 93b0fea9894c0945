# METADATA
# title: Forbidden request
# description: A person or a workload asked for something that its rights do not allow.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/authorization/
#     description: Kubernetes, authorization
#   - ref: https://attack.mitre.org/techniques/T1613/
#     description: MITRE ATT&CK T1613, Container and Resource Discovery
# custom:
#   id: forbidden-request
#   priority: Notice
#   tags: [mitre_discovery, T1613]
#   controls:
#     soc2: [CC6.1, CC7.2]
#     hipaa: [164.312(a)(1), 164.312(b)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     Somebody who has just got hold of an account tries what it can do. A row of refusals by one
#     user over many kinds of object is what that looks like; it is often the first sign.
#   benign: >-
#     A missing role after a deployment, a dashboard that asks for everything and shows what it
#     gets, a typing error. One user and one kind of object, repeated by a machine, is a missing
#     role.
#   evasions: >-
#     Asking what one may do instead of trying is reported by permission-enumeration. Only refusals
#     by the authorizer count, not those by admission. A refusal of an anonymous caller is left to
#     anonymous-request, and one of a controller of the cluster to its owner.
package guardrails.access.forbidden_request

import data.parapet.lib

violation contains finding(message) if {
	input.responseStatus.code == 403
	lib.is_answered
	not is_refused_by_admission
	lib.is_outsider
	not lib.is_anonymous
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

# Admission answers 403 too (a quota, a policy, Pod Security), after authorization allowed the request.
is_refused_by_admission if input.annotations["authorization.k8s.io/decision"] == "allow"

finding(message) := lib.finding(rego.metadata.chain(), message)
