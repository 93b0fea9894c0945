/**
 * Rules files for measurements, like those that clusters run: fifty rules about the whole cluster,
 * and then, team by team, variations of what teams ask for about their own namespaces. What matches
 * on the reference workload is among the first ten, so that files of every size give the same findings.
 */
const HEAD = `
- list: writes
  items: [create, update, patch, delete, deletecollection]
- list: control_plane
  items: ["system:kube-scheduler", "system:kube-controller-manager", "system:apiserver"]
- list: people
  items: [alice@example.com, bob@example.com, carol@example.com, "system:serviceaccount:default:ci"]
- list: system_namespaces
  items: [kube-system, kube-public, kube-node-lease]
- list: host_folders
  items: [/, /etc, /proc, /root, /var/run/docker.sock, /var/lib/kubelet, /run/containerd/containerd.sock]
- list: host_images
  items: [registry.example/agent, registry.example/cni, registry.example/csi, registry.example/logs]
- macro: answered
  condition: (jevt.value[/stage] in (ResponseComplete))
- macro: succeeded
  condition: (ka.response.code startswith 2)
- macro: written
  condition: (ka.verb in (writes))
- macro: by_person
  condition: (not ka.user.name startswith "system:")
- macro: by_system
  condition: (ka.user.name in (control_plane) or ka.user.name startswith "system:node:" or ka.user.name startswith "system:serviceaccount:kube-system:")
- macro: creates_pod
  condition: (answered and ka.target.resource = pods and not ka.target.subresource exists and ka.verb = create)
- macro: changes_role
  condition: (answered and ka.target.resource in (roles, clusterroles) and ka.verb in (create, update, patch))
- macro: changes_binding
  condition: (answered and ka.target.resource in (rolebindings, clusterrolebindings) and ka.verb in (create, update, patch))
`

/** About the whole cluster: conditions, and exceptions where there are some. */
const CLUSTER = [
  ['answered and ka.target.resource = secrets and ka.verb in (get, list) and not by_system'],
  ['answered and ka.response.code in (401, 403) and not ka.uri startswith /healthz'],
  ['answered and ka.target.namespace in (system_namespaces) and written and by_person'],
  [
    'creates_pod and ka.req.pod.containers.privileged intersects (true)',
    'name: known_images, fields: [ka.req.pod.containers.image.repository], comps: [in], values: [[[host_images]]]',
  ],
  // The index knows nothing of addresses as a pattern has them.
  [
    'answered and not jevt.value[/sourceIPs] regex "\\\\[\\"(10\\\\.|127\\\\.|172\\\\.|192\\\\.168\\\\.|::1).*"',
  ],
  ['answered and ka.user.name = "system:anonymous" and not ka.uri in (/healthz, /livez, /readyz)'],
  [
    'answered and ka.target.resource = pods and ka.target.subresource in (exec, attach) and by_person',
  ],
  [
    'answered and ka.impuser.name exists and by_person and not ka.impuser.name startswith "system:"',
  ],
  ['answered and by_person and not ka.user.name in (people)'],
  [
    'answered and ka.useragent icontains kubectl and ka.user.name startswith "system:serviceaccount:"',
  ],
  [
    'creates_pod and ka.req.pod.host_network = true',
    'name: known_images, fields: ka.req.pod.containers.image.repository, comps: in, values: [host_images]',
  ],
  ['creates_pod and (ka.req.pod.host_pid = true or ka.req.pod.host_ipc = true)'],
  ['creates_pod and ka.req.pod.volumes.hostpath intersects (host_folders)'],
  [
    'creates_pod and ka.req.pod.containers.add_capabilities intersects (\'["SYS_ADMIN"]\', \'["NET_ADMIN"]\', \'["ALL"]\')',
  ],
  [
    'creates_pod and ka.req.pod.containers.allow_privilege_escalation intersects (true) and by_person',
  ],
  [
    'creates_pod and ka.target.namespace in (system_namespaces) and not by_system',
    'name: known, fields: [ka.user.name, ka.target.namespace], comps: [startswith, =], values: [["system:serviceaccount:kube-", kube-system], ["system:serviceaccount:operators:", kube-public]]',
  ],
  [
    'creates_pod and not ka.req.pod.containers.image.repository in (registry.example/app, registry.example/side, host_images)',
  ],
  [
    'answered and ka.target.resource = pods and ka.target.subresource = ephemeralcontainers and ka.verb in (patch, update)',
  ],
  ['answered and ka.target.resource = pods and ka.target.subresource = portforward and by_person'],
  [
    'answered and ka.target.resource = services and ka.verb = create and ka.req.service.type = NodePort',
  ],
  [
    'answered and ka.target.resource = services and ka.verb = create and ka.req.service.type = LoadBalancer and not ka.target.namespace startswith edge',
  ],
  [
    'answered and ka.target.resource = configmaps and ka.verb in (create, update, patch) and (ka.req.configmap.obj icontains password or ka.req.configmap.obj icontains "aws_secret" or ka.req.configmap.obj icontains "api_key" or ka.req.configmap.obj contains "BEGIN PRIVATE KEY")',
  ],
  [
    'answered and ka.target.resource = serviceaccounts and ka.verb = create and ka.target.namespace in (system_namespaces) and by_person and succeeded',
  ],
  [
    'answered and ka.target.resource = serviceaccounts and ka.target.subresource = token and ka.verb = create and not by_system',
  ],
  ['changes_role and ka.req.role.rules.resources intersects ("*")'],
  ['changes_role and ka.req.role.rules.verbs intersects ("*")'],
  [
    'changes_role and ka.req.role.rules.resources intersects (pods/exec, pods/attach) and not ka.target.name startswith "system:"',
  ],
  ['changes_role and ka.req.role.rules.verbs intersects (escalate, bind, impersonate)'],
  [
    'answered and ka.target.resource in (roles, clusterroles) and ka.verb in (update, patch, delete) and ka.target.name startswith "system:" and not ka.target.name in ("system:coredns", "system:managed-certificate-controller")',
  ],
  ['changes_binding and ka.req.binding.role = cluster-admin'],
  [
    'changes_binding and ka.req.binding.subjects.group_names intersects ("system:anonymous", "system:unauthenticated", "system:authenticated")',
  ],
  ['changes_binding and ka.req.binding.subjects.user_names intersects ("system:anonymous")'],
  [
    'answered and ka.target.resource in (mutatingwebhookconfigurations, validatingwebhookconfigurations) and written',
  ],
  [
    'answered and ka.target.resource = certificatesigningrequests and ka.target.subresource = approval and ka.verb in (update, patch)',
  ],
  [
    'answered and ka.target.resource = certificatesigningrequests and ka.verb = create and not by_system',
  ],
  ['answered and ka.target.resource = nodes and ka.target.subresource = proxy and not by_system'],
  [
    'answered and ka.target.resource = nodes and ka.verb = create and ka.response.code in (403, 500) and ka.user.name startswith "system:node:"',
  ],
  [
    'answered and ka.target.resource = namespaces and ka.verb = create and by_person and not ka.target.name startswith team',
  ],
  ['answered and ka.target.resource = namespaces and ka.verb = delete and by_person'],
  [
    'answered and ka.target.resource = events and ka.verb in (delete, deletecollection) and by_person',
  ],
  ['answered and ka.target.resource = networkpolicies and ka.verb in (delete, deletecollection)'],
  [
    'answered and ka.target.resource = cronjobs and ka.verb in (create, update, patch) and by_person',
  ],
  [
    'answered and ka.target.resource = daemonsets and ka.verb in (create, update, patch) and not by_system and not ka.target.namespace in (monitoring, logging)',
  ],
  [
    'answered and ka.target.resource = persistentvolumes and ka.verb = create and jevt.value[/requestObject/spec/hostPath/path] exists',
  ],
  ['answered and ka.target.resource = customresourcedefinitions and ka.verb = delete'],
  [
    'answered and ka.target.resource = ingresses and ka.verb in (create, update, patch) and not jevt.value[/requestObject/spec/tls/0] exists',
  ],
  [
    'answered and ka.target.resource in (subjectaccessreviews, selfsubjectrulesreviews) and ka.verb = create and by_person',
  ],
  ['answered and ka.target.resource = apiservices and written and not by_system'],
  [
    'answered and ka.target.resource in (validatingadmissionpolicies, validatingadmissionpolicybindings) and written and by_person',
  ],
  ['answered and ka.uri startswith /apis/audit and by_person'],
]

/** What a team asks for about its own namespace, by the team's number. */
const TEAM = [
  (n) => [
    `answered and ka.target.resource = secrets and ka.target.namespace = team-${n} and ka.verb in (get, list) and not ka.user.name in (lead-${n}@example.com, "system:serviceaccount:team-${n}:app")`,
  ],
  (n) => [
    `answered and ka.target.resource = pods and ka.target.subresource in (exec, attach, portforward) and ka.target.namespace = team-${n}`,
    `name: leads, fields: [ka.user.name, ka.target.name], comps: [=, startswith], values: [[lead-${n}@example.com, app-${n}]]`,
  ],
  (n) => [
    `creates_pod and ka.target.namespace = team-${n} and not ka.req.pod.containers.image.repository in (registry.example/team-${n}, registry.example/side)`,
  ],
  (n) => [
    `answered and ka.target.resource in (deployments, statefulsets) and ka.verb = delete and ka.target.namespace in (team-${n}, team-${n}-staging) and not ka.user.name = "system:serviceaccount:deploy:team-${n}"`,
  ],
  (n) => [`answered and ka.user.name = former-${n}@example.com`],
  (n) => [
    `answered and ka.user.name startswith "system:serviceaccount:team-${n}:" and not ka.target.namespace in (team-${n}, team-${n}-staging, default)`,
  ],
  (n) => [
    `answered and ka.target.resource = configmaps and ka.target.name = settings-${n} and written and not ka.user.name startswith lead-`,
  ],
  (n) => [
    `answered and ka.target.resource = services and ka.target.namespace = team-${n} and ka.verb in (create, update) and ka.req.service.type in (NodePort, LoadBalancer)`,
  ],
  (n) => [
    `changes_binding and ka.target.namespace = team-${n} and ka.req.binding.role in (admin, edit-${n})`,
  ],
  (n) => [
    `creates_pod and ka.target.namespace = team-${n} and (ka.req.pod.containers.privileged intersects (true) or ka.req.pod.host_network = true)`,
  ],
]

/** A rules file with so many rules. */
export function falcoRules(count) {
  const rules = Array.from({ length: count }, (_, i) => {
    const team = i - CLUSTER.length
    const [condition, exception] =
      team < 0 ? CLUSTER[i] : TEAM[team % TEAM.length](Math.floor(team / TEAM.length))
    return `- rule: Rule ${i}
  desc: Rule number ${i} of a measurement.
  condition: ${condition.includes('"') ? `'${condition.replaceAll("'", "''")}'` : condition}
  output: Rule ${i} (user=%ka.user.name verb=%ka.verb resource=%ka.target.resource ns=%ka.target.namespace name=%ka.target.name resp=%ka.response.code)
  priority: WARNING
  source: k8s_audit
${exception ? `  exceptions: [{${exception}}]\n` : ''}  tags: [k8s]
`
  })
  return HEAD + rules.join('')
}
