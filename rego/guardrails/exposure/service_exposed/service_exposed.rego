# METADATA
# title: Service opened to the outside
# description: A service was written that opens a port on every node or asks for a load balancer.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types
#     description: Kubernetes, service types
#   - ref: https://attack.mitre.org/techniques/T1133/
#     description: MITRE ATT&CK T1133, External Remote Services
# custom:
#   id: service-exposed
#   priority: Notice
#   tags: [mitre_initial_access, T1133, mitre_persistence]
#   controls:
#     soc2: [CC6.1, CC6.6]
#     hipaa: [164.312(a)(1), 164.312(e)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: >-
#     What was reachable only inside the cluster becomes reachable from outside it, often without a
#     login in front.
#   benign: >-
#     Ingress controllers and public applications, when they are installed or changed. They are few,
#     and known.
#   evasions: >-
#     Create, update and every patch are read. An ingress or a gateway that leads to a service of
#     type ClusterIP opens it as well and is not reported, nor is a host port. Addresses given by
#     hand are reported by external-ip.
package guardrails.exposure.service_exposed

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "services"
	not input.objectRef.subresource
	lib.is_write
	lib.is_outsider
	some document in lib.documents
	how := openings[document.spec.type]
	message := $"{lib.actor} {lib.acted} {lib.target}, which opens it {how}"
}

openings := {
	"NodePort": "on a port of every node (NodePort)",
	"LoadBalancer": "through a load balancer (LoadBalancer)",
}

finding(message) := lib.finding(rego.metadata.chain(), message)
