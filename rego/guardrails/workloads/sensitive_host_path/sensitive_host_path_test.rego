package guardrails.workloads.sensitive_host_path_test

import data.guardrails.workloads.sensitive_host_path
import data.parapet.fixtures

messages(an_event) := {v.message | some v in sensitive_host_path.violation with input as an_event}

mounting(path) := {"volumes": [{"name": "a", "emptyDir": {}}, {"name": "h", "hostPath": {"path": path}}]}

sensitive := {
	"/", "//", "/.", "/./", "/..", "/etc", "/etc/", "//etc", "/./etc/passwd", "/etc/kubernetes/pki", "/root", "/boot",
	"/proc", "/proc/1/root", "/sys", "/var", "/var/", "/var/lib", "/var/lib/", "/var/run", "/run", "/run/",
	"/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/var//run/crio/crio.sock",
	"/var/lib/kubelet", "/var/lib/kubelet/pods", "/var/lib/docker", "/var/lib/containerd/x", "/var/lib/etcd",
	"/dev", "/dev/sda1", "/dev/nvme0n1", "/srv/../etc", "/srv/agent.sock", "/usr", "/usr/bin", "/usr/local/sbin/x", "/home/", "/home/dev/.ssh", "C:\\", "c:/", "\\\\.\\pipe\\docker_engine",
}

ordinary := {
	"/etcd-data", "/data", "/mnt/disks/ssd1", "/var/log", "/var/log/pods", "/srv/etc", "/variable", "/opt/app", "/home/app", "/usr/share/zoneinfo", "/usr/local/nvidia",
	"/dev/shm", "/dev/nvidia0", "/run/xtables.lock", "/lib/modules", "/processor", "/systems", "/var/lib/kubelets",
	"/tmp/..data", "C:\\data",
}

test_sensitive_paths if {
	every path in sensitive {
		count(messages(fixtures.workload("create", "pods", mounting(path)))) == 1
	}
}

test_ordinary_paths if {
	every path in ordinary {
		messages(fixtures.workload("create", "pods", mounting(path))) == set()
	}
}

test_says_who_what_where if {
	messages(fixtures.workload("create", "deployments", mounting("/etc"))) == {
		"admin@example.com created deployment web in namespace shop with folders of its node mounted: /etc",
	}
}

test_every_kind_and_verb if {
	every kind, _ in fixtures.pod_paths {
		every verb in fixtures.write_verbs {
			count(messages(fixtures.workload(verb, kind, mounting("/etc")))) == 1
		}
		count(messages(fixtures.json_patch(kind, "/volumes/-", {"name": "h", "hostPath": {"path": "/etc"}}))) == 1
		count(messages(fixtures.json_patch(kind, "/volumes/0/hostPath/path", "/etc"))) == 1
	}
}

test_persistent_volumes if {
	every source in {"hostPath", "local"} {
		messages(fixtures.request(
			"create",
			{"resource": "persistentvolumes", "name": "pv"},
			{"requestObject": {"spec": {source: {"path": "/etc"}}}},
		)) == {"admin@example.com created persistent volume pv, a volume that is /etc of a node"}
	}
}

test_the_cluster_itself_is_not if {
	messages(fixtures.workload_by(fixtures.controller, "create", "pods", mounting("/"))) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(fixtures.workload("create", "pods", mounting("/etc")), field))) == 1
	}
}
