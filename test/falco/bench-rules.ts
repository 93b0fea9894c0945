/** Rules for measurements: the twenty of the reference policy in Falco's words, and more like them. */

const HEAD = `
- list: writes
  items: [create, update, patch, delete, deletecollection]
- list: system_users
  items: ["system:kube-scheduler", "system:kube-controller-manager", "system:apiserver"]
- macro: kevt
  condition: (jevt.value[/stage] in (ResponseComplete))
- macro: write
  condition: (ka.verb in (writes))
- macro: pod_create
  condition: (kevt and ka.target.resource=pods and ka.verb=create)
`

const conditions: readonly string[] = [
  'kevt and ka.target.resource=pods and ka.target.subresource in (exec, attach) and ka.verb in (create, get)',
  'kevt and ka.user.name="system:anonymous" and not ka.uri startswith /healthz',
  'pod_create and ka.req.pod.containers.privileged intersects (true)',
  'pod_create and (ka.req.pod.host_network=true or ka.req.pod.host_pid=true or ka.req.pod.host_ipc=true)',
  'pod_create and ka.req.pod.volumes.hostpath intersects (/etc, /var/run/docker.sock, /proc, /)',
  'kevt and ka.target.resource in (clusterrolebindings, rolebindings) and write and ka.req.binding.role=cluster-admin',
  'kevt and ka.target.resource in (clusterroles, roles) and write and ka.req.role.rules.resources intersects ("*")',
  'kevt and ka.target.resource=secrets and ka.verb in (list, get) and not ka.user.name in (system_users) and not ka.user.name startswith "system:serviceaccount:kube-system:"',
  'kevt and ka.response.code=403',
  'kevt and ka.response.code=401',
  'kevt and ka.target.resource=serviceaccounts and ka.target.subresource=token and ka.verb=create and not ka.user.name startswith "system:node:"',
  'kevt and ka.target.resource=configmaps and write and (ka.req.configmap.obj icontains password or ka.req.configmap.obj icontains api_key)',
  'kevt and ka.target.namespace in (kube-system, kube-public) and write and not ka.user.name startswith "system:"',
  'kevt and ka.target.subresource=ephemeralcontainers and ka.verb in (patch, update)',
  'kevt and ka.target.resource=nodes and ka.target.subresource=proxy',
  'kevt and ka.target.resource in (mutatingwebhookconfigurations, validatingwebhookconfigurations) and write',
  'kevt and ka.target.resource=certificatesigningrequests and ka.target.subresource=approval and ka.verb in (update, patch)',
  'kevt and ka.impuser.name exists and not ka.user.name startswith "system:"',
  'kevt and jevt.value[/sourceIPs/0] exists and not jevt.value[/sourceIPs/0] startswith anyof ("10.", "192.168.", "127.", "172.", "::1")',
  'kevt and ka.target.resource=services and ka.verb=create and ka.req.service.type=NodePort',
]

/** A rules file with that many rules; those beyond the first twenty match nothing on the workload. */
export function benchRules(count: number): string {
  const rules = Array.from({ length: count }, (_, i) => {
    const condition =
      conditions[i] ??
      `kevt and ka.target.resource=resource${i} and ka.verb in (create, update) and ka.target.namespace=namespace${i % 7} and not ka.user.name in (system_users)`
    return `- rule: rule ${i}
  desc: rule number ${i}
  condition: ${condition.includes(': ') ? JSON.stringify(condition) : condition}
  output: rule ${i} fired (user=%ka.user.name verb=%ka.verb resource=%ka.target.resource ns=%ka.target.namespace name=%ka.target.name)
  priority: WARNING
  source: k8s_audit
  tags: [k8s, bench]
`
  })
  return HEAD + rules.join('')
}
