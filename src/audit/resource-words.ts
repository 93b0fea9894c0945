/** Kubernetes' resource names in words, where taking off the plural's ending is not enough. */
const WORDS: Readonly<Record<string, string>> = {
  apiservices: 'API service',
  certificatesigningrequests: 'certificate request',
  clusterrolebindings: 'cluster role binding',
  clusterroles: 'cluster role',
  configmaps: 'config map',
  controllerrevisions: 'controller revision',
  cronjobs: 'cron job',
  csidrivers: 'CSI driver',
  csinodes: 'CSI node',
  customresourcedefinitions: 'custom resource definition',
  daemonsets: 'daemon set',
  endpoints: 'endpoints',
  endpointslices: 'endpoint slice',
  flowschemas: 'flow schema',
  horizontalpodautoscalers: 'pod autoscaler',
  ingressclasses: 'ingress class',
  ingresses: 'ingress',
  ipaddresses: 'IP address',
  limitranges: 'limit range',
  mutatingadmissionpolicies: 'mutating admission policy',
  mutatingadmissionpolicybindings: 'mutating admission policy binding',
  mutatingwebhookconfigurations: 'mutating admission webhook',
  networkpolicies: 'network policy',
  persistentvolumeclaims: 'volume claim',
  persistentvolumes: 'volume',
  poddisruptionbudgets: 'pod disruption budget',
  podtemplates: 'pod template',
  priorityclasses: 'priority class',
  prioritylevelconfigurations: 'priority level',
  replicasets: 'replica set',
  replicationcontrollers: 'replication controller',
  resourcequotas: 'resource quota',
  rolebindings: 'role binding',
  runtimeclasses: 'runtime class',
  serviceaccounts: 'service account',
  servicecidrs: 'service address range',
  statefulsets: 'stateful set',
  storageclasses: 'storage class',
  validatingadmissionpolicies: 'validating admission policy',
  validatingadmissionpolicybindings: 'validating admission policy binding',
  validatingwebhookconfigurations: 'validating admission webhook',
  volumeattachments: 'volume attachment',
}

/** Resources that every cluster has and that live in no namespace. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'apiservices',
  'certificatesigningrequests',
  'clusterrolebindings',
  'clusterroles',
  'csidrivers',
  'csinodes',
  'customresourcedefinitions',
  'flowschemas',
  'ingressclasses',
  'ipaddresses',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'mutatingwebhookconfigurations',
  'namespaces',
  'nodes',
  'persistentvolumes',
  'priorityclasses',
  'prioritylevelconfigurations',
  'runtimeclasses',
  'selfsubjectaccessreviews',
  'selfsubjectreviews',
  'selfsubjectrulesreviews',
  'servicecidrs',
  'storageclasses',
  'subjectaccessreviews',
  'tokenreviews',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'validatingwebhookconfigurations',
  'volumeattachments',
])

/** One of a resource: `pods` is a `pod`, `clusterrolebindings` is a `cluster role binding`. */
export function oneOf(resource: string): string {
  const known = Object.hasOwn(WORDS, resource) ? WORDS[resource] : undefined
  if (known !== undefined) return known
  if (resource.endsWith('ies')) return `${resource.slice(0, -3)}y`
  if (/(?:ss|x|ch|sh)es$/.test(resource)) return resource.slice(0, -2)
  return /[^s]s$/.test(resource) ? resource.slice(0, -1) : resource
}

/** Several of a resource: `pods`, `cluster role bindings`. */
export function manyOf(resource: string): string {
  const one = oneOf(resource)
  if (one === resource || one === 'endpoints') return resource
  if (/[^aeiou]y$/.test(one)) return `${one.slice(0, -1)}ies`
  return /(?:s|x|ch|sh)$/.test(one) ? `${one}es` : `${one}s`
}

/** `a pod`, `an ingress`. */
export function someOf(resource: string): string {
  const one = oneOf(resource)
  if (one === 'endpoints') return one
  return `${/^(?:[aeio]|API|IP)/.test(one) ? 'an' : 'a'} ${one}`
}

/** True for a well-known resource that lives in no namespace. */
export function isClusterScoped(resource: string): boolean {
  return CLUSTER_SCOPED.has(resource)
}
