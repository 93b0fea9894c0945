package guardrails.workloads.untrusted_image_test

import data.guardrails.workloads.untrusted_image
import data.parapet.fixtures

messages(an_event) := {v.message | some v in untrusted_image.violation with input as an_event}

pod(image) := fixtures.workload("create", "pods", {"containers": [{"name": "main", "image": image}]})

test_without_a_list_open_registries_are_reported if {
	every image in {
		"attacker/xmrig", "docker.io/attacker/xmrig:latest", "index.docker.io/attacker/xmrig", "ghcr.io/x/y", "quay.io/x/y:1",
		"registry.gitlab.com/x/y/z", "ttl.sh/abc:1h", "192.0.2.1/x", "192.0.2.1:5000/x", "[2001:db8::1]:5000/x", "Docker.io/attacker/xmrig",
	} {
		count(messages(pod(image))) == 1
	}
}

test_without_a_list_other_images_are_not if {
	every image in {
		"nginx", "busybox:latest", "docker.io/library/nginx", "registry.k8s.io/pause:3.10", "registry.example.com/shop/web:1",
		"localhost:5000/web", "public.ecr.aws/docker/library/redis:7", "eu.gcr.io/project/app",
	} {
		messages(pod(image)) == set()
	}
}

test_with_a_list_everything_else_is_reported if {
	mine := ["registry.example.com/shop/", "docker.io/library/nginx"]
	every image in {"busybox", "registry.example.com/other/web", "registry.example.com.evil.net/shop/web", "ghcr.io/x/y"} {
		count(messages(pod(image))) == 1 with data.org.registries as mine
	}
	every image in {"nginx:1.27", "registry.example.com/shop/web@sha256:a"} {
		messages(pod(image)) == set() with data.org.registries as mine
	}
}

test_one_violation_names_every_image if {
	spec := {"containers": [{"image": "a/b"}, {"image": "nginx"}], "initContainers": [{"image": "ghcr.io/c/d"}]}
	messages(fixtures.workload("create", "jobs", spec)) == {concat("", [
		"admin@example.com created job web in namespace shop with images from outside the allowed registries: ",
		"docker.io/a/b, ghcr.io/c/d",
	])}
}

test_every_kind_list_and_verb if {
	every kind, _ in fixtures.pod_paths {
		every list in fixtures.container_lists {
			every verb in fixtures.write_verbs {
				count(messages(fixtures.workload(verb, kind, {list: [{"name": "main", "image": "a/b"}]}))) == 1
			}
		}
		count(messages(fixtures.json_patch(kind, "/containers/0/image", "a/b"))) == 1
	}
}

test_the_cluster_itself_is_not if {
	messages(fixtures.workload_by(fixtures.controller, "create", "pods", {"containers": [{"image": "a/b"}]})) == set()
}

test_missing_fields_hide_nothing if {
	every field in fixtures.optional_fields {
		count(messages(fixtures.without(pod("a/b"), field))) == 1
	}
}
