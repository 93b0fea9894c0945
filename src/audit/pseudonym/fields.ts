/**
 * Which fields of API objects hold names, by their own name and that of the object around them.
 * Kubernetes is consistent in this, and custom resources follow it.
 */

/** What a field names. */
export type Naming = 'name' | 'user'

/** Fields that are names wherever they stand. */
const FIELDS: Readonly<Record<string, Naming>> = {
  namespace: 'name',
  serviceAccountName: 'name',
  serviceAccount: 'name',
  nodeName: 'name',
  nominatedNodeName: 'name',
  podName: 'name',
  hostname: 'name',
  subdomain: 'name',
  secretName: 'name',
  secretNamespace: 'name',
  claimName: 'name',
  volumeName: 'name',
  serviceName: 'name',
  configMapName: 'name',
  clusterName: 'name',
  targetContainerName: 'name',
  generateName: 'name',
  resourceNames: 'name',
  namespaces: 'name',
  nodeNames: 'name',
  username: 'user',
}

/** Objects whose `name` is that of an object elsewhere, or of a container. */
const NAMED =
  /(?:Ref|Refs|Reference|References|Object|Attributes)$|^(?:metadata|details|service|secret|secrets|configMap|persistentVolumeClaim|imagePullSecrets|subjects|regarding|related|claim|issuer|containers|initContainers|ephemeralContainers|containerStatuses|initContainerStatuses|ephemeralContainerStatuses|boundObject|target|targets|parents|backend)$/

/** What the field `key` of an object names that is itself the field `parent` of another. */
export function namingOf(parent: string, key: string): Naming | undefined {
  if (key === 'name') return NAMED.test(parent) ? 'name' : undefined
  return Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined
}

/** Members that hold sentences, scripts and settings, in which names may stand. */
const TEXTS =
  /^(?:address|annotations|args|command|data|description|holderIdentity|hosts?|message|note|providerID|query|reason|script|stringData|url|values?|content|server|externalName)$/

/** True for members in whose texts names are looked for. */
export function isText(key: string): boolean {
  return TEXTS.test(key)
}
