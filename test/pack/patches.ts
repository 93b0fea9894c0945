type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** An object, as far as guardrails look at it, and with everything in it that they look for. */
export interface Subject {
  readonly objectRef: { readonly resource: string; readonly subresource?: string }
  readonly object: Json
}

const container = {
  name: 'main',
  image: 'docker.io/somebody/miner',
  securityContext: {
    privileged: true,
    allowPrivilegeEscalation: true,
    capabilities: { add: ['CHOWN', 'SYS_ADMIN'] },
    windowsOptions: { hostProcess: true },
  },
}

const podSpec = {
  hostPID: true,
  hostNetwork: true,
  hostIPC: true,
  securityContext: { windowsOptions: { hostProcess: true } },
  containers: [{ name: 'side', image: 'registry.k8s.io/pause' }, container],
  initContainers: [container],
  ephemeralContainers: [container],
  volumes: [
    { name: 'tmp', emptyDir: {} },
    { name: 'host', hostPath: { path: '/etc' } },
  ],
}

const metadata = { name: 'web', labels: { app: 'web' }, annotations: { note: 'x' } }

const templated = { metadata, spec: { replicas: 1, template: { metadata, spec: podSpec } } }

const role = {
  metadata: {
    name: 'all',
    labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' },
  },
  rules: [
    { verbs: ['get', 'escalate'], apiGroups: ['*'], resources: ['pods', 'pods/exec'] },
    { verbs: ['*'], apiGroups: [''], resources: ['secrets'] },
    { verbs: ['get'], nonResourceURLs: ['/*'] },
  ],
  aggregationRule: {
    clusterRoleSelectors: [{ matchLabels: {}, matchExpressions: [] }, { matchLabels: { a: 'b' } }],
  },
}

const binding = {
  metadata,
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [
    { kind: 'Group', name: 'system:authenticated' },
    { kind: 'Group', name: 'system:masters' },
    { kind: 'User', name: 'system:anonymous' },
    { kind: 'User', name: 'system:serviceaccount:shop:default' },
    { kind: 'ServiceAccount', namespace: 'shop', name: 'default' },
  ],
}

export const subjects: readonly Subject[] = [
  { objectRef: { resource: 'pods' }, object: { metadata, spec: podSpec } },
  { objectRef: { resource: 'deployments' }, object: templated },
  { objectRef: { resource: 'podtemplates' }, object: { metadata, template: { spec: podSpec } } },
  {
    objectRef: { resource: 'cronjobs' },
    object: { spec: { schedule: '* * * * *', jobTemplate: templated } },
  },
  { objectRef: { resource: 'clusterroles' }, object: role },
  { objectRef: { resource: 'clusterrolebindings' }, object: binding },
  {
    objectRef: { resource: 'services' },
    object: { metadata, spec: { type: 'NodePort', externalIPs: ['192.0.2.1'] } },
  },
  {
    objectRef: { resource: 'services', subresource: 'status' },
    object: { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
  },
  {
    objectRef: { resource: 'configmaps' },
    object: {
      data: { password: 'x', settings: 'a=1\npassword=hunter2', key: `AKIA${'A'.repeat(16)}` },
      binaryData: { id_rsa: 'eA==', kubeconfig: 'eA==', other: 'eA==' },
    },
  },
  {
    objectRef: { resource: 'secrets' },
    object: {
      metadata: { annotations: { 'kubernetes.io/service-account.name': 'web', other: 'x' } },
      type: 'kubernetes.io/service-account-token',
    },
  },
  {
    objectRef: { resource: 'namespaces' },
    object: {
      metadata: {
        labels: {
          'pod-security.kubernetes.io/enforce': 'privileged',
          'pod-security.kubernetes.io/warn': null,
          'pod-security.kubernetes.io/audit': 'baseline',
        },
      },
    },
  },
  {
    objectRef: { resource: 'persistentvolumes' },
    object: { spec: { hostPath: { path: '/etc' }, local: { path: '/var/lib/kubelet' } } },
  },
]

/** A value inside of an object, and the names and indexes that lead to it. */
export interface Part {
  readonly steps: readonly (string | number)[]
  readonly value: Json
}

/** Every part of an object, itself included. */
export function partsOf(value: Json, steps: Part['steps'] = []): readonly Part[] {
  const members: readonly [string | number, Json][] =
    typeof value !== 'object' || value === null
      ? []
      : Array.isArray(value)
        ? (value as Json[]).map((item, i) => [i, item])
        : Object.entries(value as Record<string, Json>)
  const below = members.flatMap(([step, member]) => partsOf(member, [...steps, step]))
  return [{ steps, value }, ...below]
}

/**
 * The merge patch that brings a part of an object along and nothing else, but for the kind of a
 * subject, without which the API server takes no name: lists have the one element.
 */
export function mergePatch({ steps, value }: Part, object: Json): Json {
  const [list, index, field] = steps
  const kind =
    list === 'subjects' && field === 'name' ? { kind: at(object, [list, index!, 'kind']) } : {}
  return steps.reduceRight<Json>(
    (inner, step) =>
      typeof step === 'number' ? [inner] : { ...(step === field && kind), [step]: inner },
    value,
  )
}

function at(object: Json, steps: Part['steps']): Json {
  return steps.reduce((value, step) => (value as Record<string | number, Json>)[step]!, object)
}

/** The path of a JSON patch, RFC 6901. */
export function pointer({ steps }: Part, index: (i: number) => string = String): string {
  const names = steps.map((step) =>
    typeof step === 'number' ? index(step) : step.replaceAll('~', '~0').replaceAll('/', '~1'),
  )
  return names.map((name) => `/${name}`).join('')
}
