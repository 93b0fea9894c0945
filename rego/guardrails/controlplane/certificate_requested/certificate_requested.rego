# METADATA
# title: Client certificate requested
# description: >-
#   Someone other than a node asked the cluster to sign a certificate that logs its holder in.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
#     description: Kubernetes, certificate signing requests
#   - ref: https://attack.mitre.org/techniques/T1136/001/
#     description: MITRE ATT&CK T1136.001, Create Account, Local Account
# custom:
#   id: certificate-requested
#   priority: Warning
#   tags: [mitre_persistence, T1078, T1136.001]
#   controls:
#     soc2: [CC6.1, CC6.2]
#     hipaa: [164.312(a)(2)(i), 164.312(d)]
#     gdpr: [Art. 32(1)(b), Art. 32(4)]
#   why: >-
#     A client certificate makes its holder the user and the groups that stand in it. It is valid
#     until it expires: Kubernetes cannot revoke one.
#   benign: >-
#     Clusters without an identity provider, where new colleagues and robots are given certificates.
#   evasions: >-
#     Requests whose signer is not in the log (level Metadata) count, those for other signers, such
#     as serving certificates, do not. Kubelets and bootstrap tokens that ask for a node certificate
#     are not reported. Who has the key of the certificate authority needs no request.
package guardrails.controlplane.certificate_requested

import data.parapet.lib

violation contains finding(message) if {
	is_request
	input.requestObject.spec.signerName in client_signers
	message := $"{lib.actor} {asked} {lib.target}"
}

violation contains finding(message) if {
	is_request
	not input.requestObject.spec.signerName
	message := $"{lib.actor} {asked} {lib.target}"
}

is_request if {
	input.objectRef.resource == "certificatesigningrequests"
	input.verb == "create"
	not input.objectRef.subresource
	lib.is_answered
	lib.is_outsider
	not startswith(input.user.username, "system:bootstrap:")
}

client_signers := {
	"kubernetes.io/kube-apiserver-client",
	"kubernetes.io/kube-apiserver-client-kubelet",
	"kubernetes.io/legacy-unknown",
}

asked := lib.did("asked for a client certificate with the", "ask for a client certificate with the")

finding(message) := lib.finding(rego.metadata.chain(), message)
