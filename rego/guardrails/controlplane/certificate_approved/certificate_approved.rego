# METADATA
# title: Certificate request approved
# description: A person or a workload approved, denied or signed a certificate request.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#approval-rejection
#     description: Kubernetes, approval of certificate requests
#   - ref: https://attack.mitre.org/techniques/T1078/
#     description: MITRE ATT&CK T1078, Valid Accounts
# custom:
#   id: certificate-approved
#   priority: Warning
#   tags: [mitre_persistence, T1078, mitre_privilege_escalation]
#   controls:
#     soc2: [CC6.1, CC6.2]
#     hipaa: [164.312(a)(2)(i), 164.312(d)]
#     gdpr: [Art. 32(1)(b), Art. 32(4)]
#   why: >-
#     Approving is the moment at which a new identity comes into being. The name in the request may
#     be that of another user, or of a component of the cluster.
#   benign: >-
#     Administrators who let colleagues and nodes in, and controllers that approve the serving
#     certificates of kubelets.
#   evasions: >-
#     Update and patch of approval count, and so does writing a certificate into the status, which
#     signs the request. The controller manager approves the certificates of nodes by itself and is
#     not reported.
package guardrails.controlplane.certificate_approved

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "certificatesigningrequests"
	input.objectRef.subresource in {"approval", "status"}
	lib.is_write
	lib.is_outsider
	attempt := lib.did("decided on", "decide on")
	message := $"{lib.actor} {attempt} {lib.target} ({input.objectRef.subresource})"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
