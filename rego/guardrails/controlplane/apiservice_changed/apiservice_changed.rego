# METADATA
# title: API service changed
# description: Someone registered, changed or removed an API that another server answers.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/
#     description: Kubernetes, aggregation layer
#   - ref: https://attack.mitre.org/techniques/T1557/
#     description: MITRE ATT&CK T1557, Adversary-in-the-Middle
#   - ref: https://attack.mitre.org/techniques/T1552/007/
#     description: MITRE ATT&CK T1552.007, Unsecured Credentials, Container API
# custom:
#   id: apiservice-changed
#   priority: Warning
#   tags: [mitre_credential_access, T1552.007]
#   controls:
#     soc2: [CC6.6, CC7.1, CC8.1]
#     hipaa: [164.312(c)(1), 164.312(e)(1)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     The API server passes requests for such an API on, with the name of whoever sent them. A
#     server put in the place of another reads and answers in its name.
#   benign: >-
#     Installing and upgrading what serves an API: metrics servers and adapters, some operators.
#   evasions: >-
#     Every verb that changes counts. The API server registers its own APIs and those of custom
#     resources. Changing the service behind an API, rather than the registration, is an ordinary
#     write.
package guardrails.controlplane.apiservice_changed

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "apiservices"
	not input.objectRef.subresource == "status"
	lib.is_change
	lib.is_outsider
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
