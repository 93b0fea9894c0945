# METADATA
# title: Image from outside the allowed registries
# description: >-
#   A workload was written with an image that does not come from the registries listed in
#   `org.registries` or, while that list is empty, that comes from a place where anyone may publish.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/
#     description: Kubernetes, images
#   - ref: https://attack.mitre.org/techniques/T1204/003/
#     description: MITRE ATT&CK T1204.003, User Execution, Malicious Image
# custom:
#   id: untrusted-image
#   priority: Notice
#   tags: [mitre_execution, T1204.003, T1610]
#   falco:
#     mode: none
#     reason: >-
#       An image's full name is computed from its parts, which Falco cannot do for each container.
#   controls:
#     soc2: [CC6.8, CC8.1]
#     hipaa: [164.312(c)(1)]
#     gdpr: [Art. 32(1)(b)]
#   why: >-
#     An image is code that runs in your cluster with your data. Miners and back doors arrive as
#     images from public registries, often under a name that looks like a well-known one.
#   benign: >-
#     Open-source software installed straight from where its makers publish it. Once you have decided
#     to trust it, add its prefix to `org.registries`, or mirror it. While the list is empty, only registries where anyone may publish are reported.
#   evasions: >-
#     `evil/miner` means docker.io/evil/miner, a prefix must end where a name ends, and another port
#     is another registry: all are seen through. A trusted registry that mirrors everything
#     (a pull-through cache), and a tag that is moved to other content, are not.
package guardrails.workloads.untrusted_image

import data.parapet.lib

violation contains finding(message) if {
	lib.is_workload_write
	images := {lib.full_image(container.image) | some container in lib.containers}
	untrusted := {image | some image in images; not is_allowed(image)}
	count(untrusted) > 0
	names := concat(", ", sort(untrusted))
	message := $"{lib.actor} {lib.acted} {lib.target} with images from outside the allowed registries: {names}"
}

is_allowed(image) if {
	count(data.org.registries) == 0
	not is_open(image)
}

is_allowed(image) if {
	some prefix in data.org.registries
	lib.is_within(image, prefix)
}

# Registries where anyone can have an account and publish, but for what their owners curate.
is_open(image) if {
	lib.registry(image) in open_registries
	not is_curated(image)
}

open_registries := {
	"docker.io",
	"ghcr.io",
	"docker.pkg.github.com",
	"quay.io",
	"public.ecr.aws",
	"registry.gitlab.com",
	"codeberg.org",
	"ttl.sh",
}

# A registry that has an address instead of a name.
is_open(image) if trim(lib.registry(image), "0123456789.:") == ""

is_open(image) if startswith(image, "[")

# Docker's official images, and Amazon's own.
is_curated(image) if {
	some prefix in {"docker.io/library/", "public.ecr.aws/docker/library/", "public.ecr.aws/eks/", "public.ecr.aws/eks-distro/"}
	startswith(image, prefix)
}

finding(message) := lib.finding(rego.metadata.chain(), message)
