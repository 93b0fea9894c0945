import type { FieldInfo } from './catalogue.ts'

export type ContainerList = 'containers' | 'initContainers' | 'ephemeralContainers'

const LABELS: Readonly<Record<ContainerList, string>> = {
  containers: 'containers',
  initContainers: 'init containers',
  ephemeralContainers: 'ephemeral containers',
}

/** Name, what it is, and what surprises about it. */
const parts: readonly (readonly [string, string, string?])[] = [
  ['name', 'names', 'one container without it makes the whole field missing'],
  ['image', 'images', 'one container without it makes the whole field missing'],
  [
    'image.repository',
    'images without tag and digest',
    'it ends at the first colon, so `registry:5000/app` gives `registry`',
  ],
  ['command', 'commands, each joined by blanks'],
  ['args', 'arguments, each joined by blanks'],
  ['privileged', 'privileged flags', 'containers that do not set it are left out'],
  [
    'allow_privilege_escalation',
    'allowPrivilegeEscalation flags',
    'containers that do not set it are left out',
  ],
  [
    'read_only_fs',
    'readOnlyRootFilesystem flags',
    'containers that do not set it are left out, so a writable one is invisible',
  ],
  ['run_as_user', 'user ids', 'containers that do not set it are left out'],
  [
    'eff_run_as_user',
    'effective user ids',
    'the plugin does not look into securityContext, so it is `0` for every container',
  ],
  ['run_as_group', 'group ids', 'containers that do not set it are left out'],
  [
    'eff_run_as_group',
    'effective group ids',
    'the plugin does not look into securityContext, so it is `0` for every container',
  ],
  ['proc_mount', 'procMount types', 'containers that do not set it are left out'],
  [
    'add_capabilities',
    'added capabilities',
    'each element is the JSON text of one container’s whole array, for example `["SYS_ADMIN"]`',
  ],
]

const hostPort = [
  'host_port',
  'host ports',
  'a port without hostPort counts with its containerPort',
] as const

/** `ka.req.pod.<list>.*`, which are the same for all three lists of a pod. */
export function containerFields(
  list: ContainerList,
  options: { readonly hostPort: boolean },
): readonly FieldInfo[] {
  return [...parts, ...(options.hostPort ? [hostPort] : [])].map(([name, what, surprise]) => ({
    name: `ka.req.pod.${list}.${name}`,
    type: 'text',
    list: true,
    argument: 'index',
    from: { computed: `container:${list}:${name}` },
    level: 'Request',
    about: `${what} of a pod’s ${LABELS[list]}`,
    surprise: `${surprise ? `${surprise}; ` : ''}only plain Pods are looked at`,
    ...(name.startsWith('eff_') ? { useless: true } : {}),
  }))
}
