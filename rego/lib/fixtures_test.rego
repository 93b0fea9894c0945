# Events for the tests of guardrails. Only in *_test.rego files, and so in no bundle.
package parapet.fixtures

admin := {"username": "admin@example.com", "groups": ["ops", "system:authenticated"]}

account(namespace, name) := {
	"username": $"system:serviceaccount:{namespace}:{name}",
	"groups": ["system:serviceaccounts", $"system:serviceaccounts:{namespace}", "system:authenticated"],
}

anonymous := {"username": "system:anonymous", "groups": ["system:unauthenticated"]}

apiserver := {"username": "system:apiserver", "groups": ["system:authenticated", "system:masters"]}

kubelet := {"username": "system:node:worker-1", "groups": ["system:nodes", "system:authenticated"]}

controller := account("kube-system", "daemon-set-controller")

base := {
	"kind": "Event",
	"apiVersion": "audit.k8s.io/v1",
	"level": "RequestResponse",
	"auditID": "00000000-0000-4000-8000-000000000001",
	"stage": "ResponseComplete",
	"requestURI": "/",
	"user": admin,
	"sourceIPs": ["192.0.2.7"],
	"userAgent": "kubectl/v1.34.2",
	"responseStatus": {"code": 200},
	"requestReceivedTimestamp": "2026-11-24T09:00:00.000000Z",
	"stageTimestamp": "2026-11-24T09:00:00.010000Z",
}

# An event: the base with these fields instead. `user` and other objects are replaced, not merged.
event(fields) := object.union(object.remove(base, object.keys(fields)), fields)

# A request about one object or kind of object.
request(verb, reference, fields) := event(object.union({"verb": verb, "objectRef": reference}, fields))

denied := {"responseStatus": {"code": 403, "status": "Failure", "reason": "Forbidden"}}

write_verbs := {"create", "update", "patch"}

# Every way to write a pod: kind of workload → the path from the object to the pod's specification.
pod_paths := {
	"pods": "/spec",
	"podtemplates": "/template/spec",
	"replicationcontrollers": "/spec/template/spec",
	"deployments": "/spec/template/spec",
	"daemonsets": "/spec/template/spec",
	"statefulsets": "/spec/template/spec",
	"replicasets": "/spec/template/spec",
	"jobs": "/spec/template/spec",
	"cronjobs": "/spec/jobTemplate/spec/template/spec",
}

# A write of a workload of this kind with this pod specification.
workload(verb, kind, spec) := workload_by(admin, verb, kind, spec)

workload_by(user, verb, kind, spec) := request(verb, {"resource": kind, "namespace": "shop", "name": "web"}, {
	"user": user,
	"requestObject": nested(pod_paths[kind], spec),
})

# The object that has a value at a path (without lists) and nothing else.
nested(path, value) := json.patch({}, array.concat(parents, [{"op": "add", "path": path, "value": value}])) if {
	steps := split(path, "/")
	parents := [{"op": "add", "path": concat("/", array.slice(steps, 0, i)), "value": {}} | some i in numbers.range(2, count(steps) - 1)]
}

# A JSON patch of this workload that adds a value at a path below its pod specification.
json_patch(kind, path, value) := request("patch", {"resource": kind, "namespace": "shop", "name": "web"}, {
	"requestObject": [
		{"op": "test", "path": "/metadata/name", "value": "web"},
		{"op": "add", "path": concat("", [pod_paths[kind], path]), "value": value},
	],
})

container_lists := {"containers", "initContainers", "ephemeralContainers"}

# The event with one of its fields (a path) taken away.
without(an_event, path) := json.remove(an_event, [path])

optional_fields := [
	"responseStatus", "sourceIPs", "userAgent", "requestURI", "level", "auditID", "user/groups",
	"objectRef/namespace", "objectRef/name", "objectRef/apiVersion", "stageTimestamp", "annotations",
	"requestReceivedTimestamp", "responseObject", "impersonatedUser", "stage",
]

optional_fields_but(needed) := [field | some field in optional_fields; not field in needed]
