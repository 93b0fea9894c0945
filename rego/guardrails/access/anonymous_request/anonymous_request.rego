# METADATA
# title: Anonymous request
# description: >-
#   Someone who gave no credentials asked the API server for more than its health or its version.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests
#     description: Kubernetes, anonymous requests
#   - ref: https://attack.mitre.org/techniques/T1190/
#     description: MITRE ATT&CK T1190, Exploit Public-Facing Application
# custom:
#   id: anonymous-request
#   priority: Warning
#   tags: [mitre_initial_access, T1190, mitre_discovery, T1613]
#   controls:
#     soc2: [CC6.1, CC6.6, CC7.2]
#     hipaa: [164.312(a)(1), 164.312(d)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     A cluster answers people and workloads that it can name. An anonymous request that is allowed
#     means that some role is bound to everybody on the network; one that is denied means that
#     somebody who can reach the API server is looking for such a role.
#   benign: >-
#     Load balancers and uptime checks read /healthz, /livez, /readyz and /version without
#     credentials, clouds that trust the cluster's tokens read its OpenID configuration and keys, and
#     `kubeadm join` reads the config map kube-public/cluster-info: these are not reported.
#     Vulnerability scanners of your own are, and should be.
#   evasions: >-
#     A caller who has any credentials, however weak, is not anonymous: see invalid-credentials and
#     forbidden-request. The exceptions are for requests without an object, so a resource whose name
#     looks like a health endpoint does not pass for one.
package guardrails.access.anonymous_request

import data.parapet.lib

violation contains finding(message) if {
	lib.is_anonymous
	lib.is_answered
	not is_probe
	not is_joining_node
	message := $"an anonymous caller from {lib.source} {lib.acted} {lib.target}"
}

is_probe if {
	not input.objectRef
	regex.match(`^/(healthz|livez|readyz|version)([/?]|$)`, input.requestURI)
}

# The public keys of the cluster's own tokens, for whoever has to verify one.
is_probe if {
	not input.objectRef
	regex.match(`^/([.]well-known/openid-configuration|openid/v1/jwks)([?]|$)`, input.requestURI)
}

is_joining_node if {
	input.verb == "get"
	input.objectRef.resource == "configmaps"
	input.objectRef.namespace == "kube-public"
	input.objectRef.name == "cluster-info"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
