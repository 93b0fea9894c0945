# METADATA
# title: Sensitive host path
# description: >-
#   A workload was written that mounts a folder or socket of its node from which the node, or the
#   other pods on it, can be taken over.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
#     description: Kubernetes, hostPath volumes
#   - ref: https://attack.mitre.org/techniques/T1611/
#     description: MITRE ATT&CK T1611, Escape to Host
# custom:
#   id: sensitive-host-path
#   priority: Error
#   tags: [mitre_privilege_escalation, T1611, mitre_credential_access, T1552.001]
#   falco:
#     mode: none
#     reason: >-
#       Its pattern is longer than the 255 bytes that Falco takes, and Falco cannot look into the
#       volumes of a template one by one.
#   controls:
#     soc2: [CC6.1, CC6.3, CC6.8]
#     hipaa: [164.312(a)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: >-
#     The socket of the container runtime starts containers as root, /etc and /root hold credentials
#     and start-up files, /proc and /sys reach into the kernel, and the folders of the kubelet and of
#     the runtime hold the tokens and files of every pod on the node.
#   benign: >-
#     Storage and network plugins, monitoring agents (/proc, /sys) and log shippers, when they are
#     installed or upgraded. /var/log, which every log shipper mounts, is not reported.
#   evasions: >-
#     `//etc`, `/./etc/` and paths with `..` are seen through, and so is a parent folder such as /var.
#     A path that is none of these but, on the node, a symbolic link to one is not. A pod that uses a
#     persistent volume names no path: making such a volume, of type `local` or `hostPath`, is reported
#     instead. A file that is mounted by a container runtime's own configuration is not in the log.
package guardrails.workloads.sensitive_host_path

import data.parapet.lib

violation contains finding(message) if {
	lib.is_workload_write
	some _ in mounted
	message := $"{lib.actor} {lib.acted} {lib.target} with folders of its node mounted: {concat(", ", sort(mounted))}"
}

violation contains finding(message) if {
	input.objectRef.resource == "persistentvolumes"
	lib.is_write
	lib.is_outsider
	some document in lib.documents
	regex.match(sensitive, document.spec.hostPath.path)
	message := $"{lib.actor} {lib.acted} {lib.target}, a volume that is {document.spec.hostPath.path} of a node"
}

violation contains finding(message) if {
	input.objectRef.resource == "persistentvolumes"
	lib.is_write
	lib.is_outsider
	some document in lib.documents
	regex.match(sensitive, document.spec.local.path)
	message := $"{lib.actor} {lib.acted} {lib.target}, a volume that is {document.spec.local.path} of a node"
}

mounted contains volume.hostPath.path if {
	some spec in lib.pod_specs
	some volume in spec.volumes
	regex.match(sensitive, volume.hostPath.path)
}

# One pattern, so that a path is looked at once. `/`, `//` and `/./` separate folders alike.
sensitive := concat("|", [
	# the root, and the folders that contain most of the rest
	`^/[/.]*$`,
	`^/[/.]*(var(/[/.]*lib)?|(var/[/.]*)?run)(/[/.]*)?$`,
	# configuration, credentials and start-up files; the kernel; disks and memory
	`^/[/.]*(etc|root|boot|proc|sys)(/|$)`,
	`^/[/.]*dev(/[/.]*)?$`,
	`^/[/.]*dev/[/.]*(sd|vd|xvd|nvme|dm-|mapper|disk|mem|kmem)`,
	# programs that everyone on the node runs, and keys that let people in
	`^/[/.]*(usr|bin|sbin|home)(/[/.]*)?$`,
	`^/[/.]*usr/[/.]*(local/[/.]*)?s?bin(/|$)`,
	`/[.]ssh(/|$)`,
	# the kubelet, etcd and the container runtimes
	`^/[/.]*var/[/.]*lib/[/.]*(kubelet|etcd|docker|containerd|containers|crio|rancher)(/|$)`,
	`^/[/.]*(var/[/.]*)?run/[/.]*(docker|containerd|crio|cri-dockerd|dockershim|podman|k3s)([./]|$)`,
	`[.]sock/*$`,
	# a step upwards, which the API server refuses in a pod
	`(^|/)[.][.](/|$)`,
	# Windows: a whole drive, a named pipe
	`^[A-Za-z]:[/\\]*$`,
	`^[/\\]+[.][/\\]+pipe[/\\]`,
])

finding(message) := lib.finding(rego.metadata.chain(), message)
