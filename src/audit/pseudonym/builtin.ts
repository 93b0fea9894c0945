/**
 * Names that say the same in every cluster. Guardrails know them, and they are nobody's: a
 * pseudonym would hide what happened and protect no one.
 */

/** Users and groups that begin so belong to Kubernetes, or to the provider that runs it. */
const RESERVED = /^(?:system:|kubeadm:|eks:|gke:|aks:)/

/** The same without a prefix. */
const COMPONENTS = new Set(['aksService', 'masterclient', 'nodeclient'])

/** True for users and groups of Kubernetes itself, but for those that name an account or a node. */
export function isReserved(name: string): boolean {
  return RESERVED.test(name) || COMPONENTS.has(name)
}

/** Namespaces, roles and objects that every cluster has. */
const OBJECTS = new Set([
  'default',
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'kubernetes',
  'cluster-admin',
  'cluster-owner',
  'admin',
  'edit',
  'view',
  'cluster-info',
  'kube-root-ca.crt',
  'extension-apiserver-authentication',
  'generic-garbage-collector',
  'horizontal-pod-autoscaler',
  'persistent-volume-binder',
  'root-ca-cert-publisher',
  'token-cleaner',
  'bootstrap-signer',
  'legacy-service-account-token-cleaner',
  'pod-garbage-collector',
  'metrics-server',
])

/** Accounts of the controllers that come with Kubernetes, without `-controller`. */
const CONTROLLERS = new Set(
  `attachdetach certificate cloud-node cloud-node-lifecycle clusterrole-aggregation cronjob daemon-set
  deployment device-taint-eviction disruption endpoint endpointslice endpointslicemirroring
  ephemeral-volume expand job namespace node node-lifecycle persistentvolume-binder pv-protection
  pvc-protection replicaset replication resource-claim resourcequota route selinux-warning service
  service-account service-cidrs statefulset ttl ttl-after-finished
  validatingadmissionpolicy-status`.split(/\s+/),
)

/** True for names of objects that stay as they are. */
export function isBuiltIn(name: string): boolean {
  if (name.endsWith('-controller') && CONTROLLERS.has(name.slice(0, -11))) return true
  return OBJECTS.has(name) || RESERVED.test(name) || /^(?:system-|kube-apiserver-)/.test(name)
}

/** Guardrails look at how these names begin; what follows may be anything. */
const BEGINNINGS =
  /^(?:coredns|kube-dns|node-local-dns|bootstrap-token|kube-proxy|kube-apiserver|kube-controller-manager|kube-scheduler|kubeadm|kubelet|etcd)(?=-|$)/

/** The part of a name that stays, with its hyphen; empty for most. */
export function keptBeginning(name: string): string {
  const beginning = BEGINNINGS.exec(name)?.[0] ?? ''
  return name.length > beginning.length && beginning !== '' ? `${beginning}-` : beginning
}

/** Kinds and resources whose objects are named by what they define, and by nobody's choice. */
export function isDefinition(kind: string): boolean {
  return /^(?:customresourcedefinitions?|apiservices?|componentstatus(?:es)?)$/i.test(kind)
}
