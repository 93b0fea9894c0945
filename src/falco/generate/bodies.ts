/**
 * The fields of Kubernetes objects that guardrails look at, with the types that the API server gives
 * them. The schema of audit events leaves `requestObject` and `responseObject` open; what stands here
 * is what a generated rule takes for granted about them, besides that schema.
 */
import type { Step, TypeName } from '../../residual/residual.ts'

export type Shape =
  | TypeName
  /** An object with these members, among others where it is not flat. */
  | {
      readonly members: Readonly<Record<string, Shape>>
      /** These are all its members, and it holds no objects: all are scalars, or arrays of scalars. */
      readonly flat?: true
      /** These are all its members, and the objects in it hold none. */
      readonly shallow?: true
      /** Members without which the API server takes none. */
      readonly required?: readonly string[]
      /** Keys that have a meaning here alone, wherever below; with every place where they stand. */
      readonly keys?: Readonly<Record<string, readonly Way[]>>
    }
  /** An object with any names. A merge patch removes a member by making it null, so it has no type. */
  | { readonly values: 'string' }
  | { readonly items: Shape }

/** Names and, as null, any element. */
export type Way = readonly (Step | null)[]

const flat = (...names: string[]): Shape => ({
  members: Object.fromEntries(names.map((name) => [name, 'string'])),
  flat: true,
})
const texts: Shape = { items: 'string' }

const container: Shape = {
  keys: { image: [['image']] },
  members: {
    name: 'string',
    image: 'string',
    securityContext: {
      members: {
        privileged: 'boolean',
        allowPrivilegeEscalation: 'boolean',
        capabilities: { members: { add: texts, drop: texts }, flat: true },
        windowsOptions: { members: { hostProcess: 'boolean' }, flat: true },
      },
    },
  },
}

export const CONTAINER_LISTS: readonly string[] = [
  'containers',
  'initContainers',
  'ephemeralContainers',
]

const inContainers = (...way: Way): Way[] => CONTAINER_LISTS.map((list) => [list, null, ...way])

/** Members of a PodSpec. */
const podSpec: Readonly<Record<string, Shape>> = {
  hostPID: 'boolean',
  hostIPC: 'boolean',
  hostNetwork: 'boolean',
  nodeSelector: { values: 'string' },
  securityContext: {
    members: { windowsOptions: { members: { hostProcess: 'boolean' }, flat: true } },
  },
  containers: { items: container },
  initContainers: { items: container },
  ephemeralContainers: { items: container },
  volumes: { items: { members: { name: 'string', hostPath: flat('path', 'type') } } },
}

/** What a PodSpec has in these places only, so that its text tells: `"privileged":true`. */
const podSpecKeys: Readonly<Record<string, readonly Way[]>> = {
  privileged: inContainers('securityContext', 'privileged'),
  allowPrivilegeEscalation: inContainers('securityContext', 'allowPrivilegeEscalation'),
  hostProcess: [
    ...inContainers('securityContext', 'windowsOptions', 'hostProcess'),
    ['securityContext', 'windowsOptions', 'hostProcess'],
  ],
  hostPath: [['volumes', null, 'hostPath']],
}

const template: Shape = { members: { spec: { members: podSpec, keys: podSpecKeys } } }

const rule: Shape = {
  members: { verbs: texts, resources: texts, apiGroups: texts, nonResourceURLs: texts },
  flat: true,
}

const labelSelector: Shape = {
  members: {
    matchLabels: { values: 'string' },
    matchExpressions: {
      items: { members: { key: 'string', operator: 'string', values: texts }, flat: true },
    },
  },
}

const metadata: Shape = {
  members: {
    name: 'string',
    namespace: 'string',
    generateName: 'string',
    labels: { values: 'string' },
    annotations: { values: 'string' },
  },
}

const ingress: Shape = {
  members: {
    ip: 'string',
    hostname: 'string',
    ipMode: 'string',
    ports: {
      items: { members: { port: 'number', protocol: 'string', error: 'string' }, flat: true },
    },
  },
  shallow: true,
  keys: { ip: [['ip']] },
}

/** The members of objects of all kinds: no name that is used twice has two types. */
const object: Shape = {
  members: {
    metadata,
    type: 'string',
    data: { values: 'string' },
    binaryData: { values: 'string' },
    stringData: { values: 'string' },
    subjects: {
      items: {
        members: { kind: 'string', name: 'string', namespace: 'string', apiGroup: 'string' },
        flat: true,
        required: ['kind', 'name'],
      },
    },
    roleRef: flat('kind', 'name', 'apiGroup'),
    rules: { items: rule },
    aggregationRule: { members: { clusterRoleSelectors: { items: labelSelector } } },
    template,
    spec: {
      members: {
        ...podSpec,
        template,
        jobTemplate: { members: { spec: { members: { template } } } },
        type: 'string',
        externalIPs: texts,
        signerName: 'string',
        expirationSeconds: 'number',
        hostPath: flat('path', 'type'),
        local: flat('path', 'fsType'),
      },
      keys: podSpecKeys,
    },
    status: {
      members: {
        loadBalancer: {
          members: { ingress: { items: ingress } },
        },
      },
    },
  },
}

/** An operation of a JSON patch (RFC 6902). Flat where its value is a scalar, which patterns ask for. */
const operation: Shape = {
  members: { op: 'string', path: 'string', from: 'string' },
  flat: true,
}

/** The shape at a way down from a body; undefined where nothing is known. */
export function shapeAt(way: Way): Shape | undefined {
  let at: Shape | undefined =
    way[0] === null || typeof way[0] === 'number' ? { items: operation } : object
  for (const step of way) at = below(at, step)
  return at
}

function below(shape: Shape | undefined, step: Step | null): Shape | undefined {
  if (typeof shape !== 'object') return undefined
  if ('items' in shape) return typeof step === 'string' ? undefined : shape.items
  if (typeof step === 'number') return undefined
  if ('values' in shape) return undefined
  return step !== null && Object.hasOwn(shape.members, step) ? shape.members[step] : undefined
}

/** A member of a map of texts, such as labels: a text, or null where a patch takes it away. */
export function isInMap(way: Way): boolean {
  const holder = shapeAt(way.slice(0, -1))
  return way.length > 0 && typeof holder === 'object' && 'values' in holder
}

/** The type that a shape says; undefined for none. */
export function typeOfShape(shape: Shape | undefined): TypeName | undefined {
  if (typeof shape !== 'object') return shape
  return 'items' in shape ? 'array' : 'object'
}

/** Every value in it is a scalar, or an array of scalars. */
export function isFlat(shape: Shape | undefined): boolean {
  return (
    typeof shape === 'object' && ('values' in shape || ('members' in shape && shape.flat === true))
  )
}

/** A key that stands nowhere in the objects in it, and these hold none. */
export function isOwnKey(shape: Shape | undefined, key: string): boolean {
  if (typeof shape !== 'object' || !('members' in shape) || !shape.shallow) return false
  return shape.keys?.[key]?.every((place) => place.length === 1) ?? false
}

/** Some of its values are arrays; of an object of which all members are known. */
export function holdsArrays(shape: Shape | undefined): boolean {
  if (typeof shape !== 'object' || !('members' in shape)) return false
  return Object.values(shape.members).some((one) => typeof one === 'object' && 'items' in one)
}

/** An object at this way has a member of this name, whatever else it has. */
export function isRequired(way: Way): boolean {
  const holder = shapeAt(way.slice(0, -1))
  const name = way.at(-1)
  if (typeof holder !== 'object' || !('members' in holder) || typeof name !== 'string') return false
  return holder.required?.includes(name) ?? false
}
