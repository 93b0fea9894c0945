# METADATA
# title: Capability added to a container
# description: >-
#   A workload was written with a container that gets a capability of the kernel beyond those that
#   Kubernetes considers safe to add.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#     description: Kubernetes, Pod Security Standards
#   - ref: https://attack.mitre.org/techniques/T1611/
#     description: MITRE ATT&CK T1611, Escape to Host
# custom:
#   id: added-capability
#   priority: Warning
#   tags: [mitre_privilege_escalation, T1611]
#   falco:
#     mode: widen
#     reason: >-
#       Falco cannot leave out of a list the capabilities that the baseline allows.
#   controls:
#     soc2: [CC6.1, CC6.3, CC6.8]
#     hipaa: [164.312(a)(1)]
#     gdpr: [Art. 25(2), Art. 32(1)(b)]
#   why: >-
#     SYS_ADMIN is nearly root, SYS_PTRACE reads other processes, NET_ADMIN and NET_RAW listen to
#     and redirect the traffic of the node, SYS_MODULE loads code into the kernel.
#   benign: >-
#     Network plugins, service meshes, VPNs, profilers and tracing agents, when they are installed
#     or upgraded.
#   evasions: >-
#     Names with and without CAP_, in any case, and ALL are seen, in all kinds of workload, lists of
#     containers and patches. What may be added without a finding is the list of the baseline Pod
#     Security Standard. Capabilities that the runtime gives by default are not in the log.
package guardrails.workloads.added_capability

import data.parapet.lib

violation contains finding(message) if {
	lib.is_workload_write
	some _ in added
	names := concat(", ", sort(added))
	message := $"{lib.actor} {lib.acted} {lib.target} with added capabilities: {names}"
}

added contains trim_prefix(upper(name), "CAP_") if {
	some container in lib.containers
	some name in container.securityContext.capabilities.add
	not regex.match(baseline, name)
}

# The baseline Pod Security Standard allows these to be added.
baseline := concat("", [
	"(?i)^(CAP_)?(", concat("|", [
		"AUDIT_WRITE",
		"CHOWN",
		"DAC_OVERRIDE",
		"FOWNER",
		"FSETID",
		"KILL",
		"MKNOD",
		"NET_BIND_SERVICE",
		"SETFCAP",
		"SETGID",
		"SETPCAP",
		"SETUID",
		"SYS_CHROOT",
	]),
	")$",
])

finding(message) := lib.finding(rego.metadata.chain(), message)
