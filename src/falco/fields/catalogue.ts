/**
 * Every field that a `k8s_audit` rule can use: those of the k8saudit plugin (0.18), of the json
 * plugin (0.7), and Falco's own for any event source. What a field's value is, and what of it comes
 * out differently than its name says, was read from the plugins' sources.
 */
import { containerFields } from './container-fields.ts'

/** Types as Falco compares them. `text` is bytes up to the first NUL. */
export type FieldType = 'text' | 'uint64' | 'abstime' | 'reltime' | 'bool'

/** Where a field's value is taken from; see `extract.ts`. */
export type FieldSource =
  /** The value at these keys of the event. For a list: the elements of the array there. */
  | { readonly path: readonly string[] }
  /** Computed by the function of that name. */
  | { readonly computed: string }

/** The lowest audit level at which the value can be there. */
export type FieldLevel = 'Metadata' | 'Request' | 'RequestResponse'

export interface FieldInfo {
  readonly name: string
  readonly type: FieldType
  readonly list: boolean
  /** `[0]`, or `[key]`; undefined where brackets are an error. */
  readonly argument?: 'index' | 'key'
  readonly argumentRequired?: true
  readonly from: FieldSource
  readonly level: FieldLevel
  readonly about: string
  /** What to use instead. */
  readonly deprecated?: string
  /** A number that outputs fill up with zeros to nine digits. */
  readonly padded?: true
  /** What a rule's author would not expect; lint says it. */
  readonly surprise?: string
  /** It never says anything about the event, for the reason that `surprise` gives. */
  readonly useless?: true
  /** Many requests are without it, whatever the audit level. */
  readonly oftenMissing?: true
}

/** The plugin or program that answers a field; a field's first match among its siblings decides. */
export interface FieldClass {
  readonly name: 'falco' | 'k8saudit' | 'json'
  readonly version: string
  /** Brackets belong to the name in the plugins' classes only. */
  readonly takesArguments: boolean
  readonly fields: readonly FieldInfo[]
}

type Extra = Partial<Omit<FieldInfo, 'name' | 'from' | 'about'>>

function at(name: string, path: readonly string[], about: string, extra: Extra = {}): FieldInfo {
  return { name, type: 'text', list: false, level: 'Metadata', from: { path }, about, ...extra }
}

function computed(name: string, how: string, about: string, extra: Extra = {}): FieldInfo {
  return {
    name,
    type: 'text',
    list: false,
    level: 'Metadata',
    from: { computed: how },
    about,
    ...extra,
  }
}

const request = (...keys: string[]): string[] => ['requestObject', ...keys]
const spec = (...keys: string[]): string[] => ['requestObject', 'spec', ...keys]
const atRequest: Extra = { level: 'Request' }
const indexed: Extra = { level: 'Request', list: true, argument: 'index' }
const keyed: Extra = { argument: 'key', argumentRequired: true }
const rare: Extra = { oftenMissing: true }
const annotation = (name: string): string[] => ['annotations', name]

const PLAIN_PODS = 'only plain Pods are looked at, never the template of a Deployment or CronJob'

const auditFields: readonly FieldInfo[] = [
  at('ka.auditid', ['auditID'], 'id that all stages of one request share'),
  at('ka.stage', ['stage'], 'stage of the request, for example ResponseComplete'),
  at('ka.auth.decision', annotation('authorization.k8s.io/decision'), 'allow or forbid'),
  at(
    'ka.auth.reason',
    annotation('authorization.k8s.io/reason'),
    'why it was allowed or forbidden',
  ),
  at(
    'ka.auth.openshift.decision',
    annotation('authentication.openshift.io/decision'),
    'outcome of a login; OpenShift only',
    rare,
  ),
  at(
    'ka.auth.openshift.username',
    annotation('authentication.openshift.io/username'),
    'user of a login; OpenShift only',
    rare,
  ),
  at(
    'ka.validations.admission.policy.failure',
    annotation('validation.policy.admission.k8s.io/validation_failure'),
    'what a ValidatingAdmissionPolicy with action Audit found',
    rare,
  ),
  at(
    'ka.security.pod.violations',
    annotation('pod-security.kubernetes.io/audit-violations'),
    'what Pod Security admission found in audit mode',
    rare,
  ),
  at('ka.user.name', ['user', 'username'], 'user who makes the request'),
  at('ka.user.groups', ['user', 'groups'], 'groups of the user', { list: true }),
  at('ka.impuser.name', ['impersonatedUser', 'username'], 'user who is impersonated', rare),
  at('ka.verb', ['verb'], 'what is done: get, list, create, …'),
  at('ka.uri', ['requestURI'], 'path and query of the request, as the client sent it'),
  computed('ka.uri.param', 'uriParameter', 'first value of a query parameter, decoded', {
    ...keyed,
    ...rare,
  }),
  at('ka.target.name', ['objectRef', 'name'], 'name of the object', {
    ...rare,
    surprise: 'it is absent on list, watch, deletecollection, and on create with generateName',
  }),
  at('ka.target.namespace', ['objectRef', 'namespace'], 'namespace of the object', rare),
  at('ka.target.resource', ['objectRef', 'resource'], 'resource, plural: pods'),
  at('ka.target.subresource', ['objectRef', 'subresource'], 'exec, log, token, status, …', rare),
  computed('ka.target.pod.name', 'targetPodName', 'name of the pod in the answer', {
    level: 'RequestResponse',
  }),
  at('ka.req.binding.subjects', request('subjects'), 'subjects of a binding, each as JSON', {
    ...atRequest,
    list: true,
  }),
  computed('ka.req.binding.subjects.user_names', 'userSubjects', 'users that a binding names', {
    ...atRequest,
    list: true,
  }),
  computed(
    'ka.req.binding.subjects.serviceaccount_names',
    'serviceAccountSubjects',
    'service accounts that a binding names',
    { ...atRequest, list: true },
  ),
  computed(
    'ka.req.binding.subjects.serviceaccount_ns_names',
    'namespacedServiceAccountSubjects',
    'service accounts that a binding names, as namespace:name',
    { ...atRequest, list: true },
  ),
  computed('ka.req.binding.subjects.group_names', 'groupSubjects', 'groups that a binding names', {
    ...atRequest,
    list: true,
  }),
  at('ka.req.binding.role', request('roleRef', 'name'), 'role that a binding gives', atRequest),
  computed('ka.req.binding.subject.has_name', 'alwaysTrue', 'nothing', {
    ...keyed,
    deprecated: 'ka.req.binding.subjects.user_names and its siblings',
    surprise: 'it is always `true`',
    useless: true,
  }),
  at('ka.req.configmap.name', ['objectRef', 'name'], 'name of the object', {
    surprise: 'it is the name of any object, not only of config maps',
  }),
  at('ka.req.configmap.obj', request('data'), 'data of a config map, as JSON', atRequest),
  ...containerFields('containers', { hostPort: true }),
  computed('ka.req.container.image', 'firstImage', 'image of the first container', {
    ...atRequest,
    deprecated: 'ka.req.pod.containers.image',
    surprise: PLAIN_PODS,
  }),
  computed('ka.req.container.image.repository', 'firstRepository', 'repository of that image', {
    ...atRequest,
    deprecated: 'ka.req.pod.containers.image.repository',
    surprise: PLAIN_PODS,
  }),
  at('ka.req.pod.host_ipc', spec('hostIPC'), 'the pod shares the node’s IPC', atRequest),
  at(
    'ka.req.pod.host_network',
    spec('hostNetwork'),
    'the pod shares the node’s network',
    atRequest,
  ),
  at('ka.req.container.host_network', spec('hostNetwork'), 'the pod shares the node’s network', {
    ...atRequest,
    deprecated: 'ka.req.pod.host_network',
  }),
  at('ka.req.pod.host_pid', spec('hostPID'), 'the pod sees the node’s processes', atRequest),
  computed('ka.req.container.privileged', 'anyPrivileged', 'true if any container is privileged', {
    ...atRequest,
    deprecated: 'ka.req.pod.containers.privileged',
    surprise: PLAIN_PODS,
  }),
  at(
    'ka.req.pod.run_as_user',
    spec('securityContext', 'runAsUser'),
    'the pod’s user id',
    atRequest,
  ),
  at(
    'ka.req.pod.run_as_group',
    spec('securityContext', 'runAsGroup'),
    'the pod’s group id',
    atRequest,
  ),
  at('ka.req.role.rules', request('rules'), 'rules of a role, each as JSON', {
    ...atRequest,
    list: true,
  }),
  computed('ka.req.role.rules.apiGroups', 'ruleApiGroups', 'API groups of all rules', indexed),
  computed('ka.req.role.rules.nonResourceURLs', 'ruleUrls', 'URLs of all rules', indexed),
  computed('ka.req.role.rules.verbs', 'ruleVerbs', 'verbs of all rules', indexed),
  computed('ka.req.role.rules.resources', 'ruleResources', 'resources of all rules', indexed),
  at(
    'ka.req.pod.fs_group',
    spec('securityContext', 'fsGroup'),
    'group id of the volumes',
    atRequest,
  ),
  at(
    'ka.req.pod.supplemental_groups',
    spec('securityContext', 'supplementalGroups'),
    'further group ids of the pod',
    { ...atRequest, list: true },
  ),
  at(
    'ka.req.service.type',
    spec('type'),
    'ClusterIP, NodePort, LoadBalancer or ExternalName',
    atRequest,
  ),
  computed('ka.req.service.ports', 'servicePorts', 'ports of a service, as JSON', {
    ...indexed,
    surprise: 'the whole array is one element, and the index is ignored',
  }),
  computed('ka.req.pod.volumes.hostpath', 'hostPaths', 'paths of hostPath volumes', indexed),
  computed('ka.req.volume.hostpath', 'usesHostPath', 'true if a hostPath volume has this path', {
    ...atRequest,
    ...keyed,
    deprecated: 'ka.req.pod.volumes.hostpath',
  }),
  computed(
    'ka.req.pod.volumes.flexvolume_driver',
    'flexDrivers',
    'drivers of flexVolumes',
    indexed,
  ),
  computed('ka.req.pod.volumes.volume_type', 'volumeTypes', 'types of all volumes', indexed),
  at('ka.resp.name', ['responseObject', 'metadata', 'name'], 'name of the object in the answer', {
    level: 'RequestResponse',
  }),
  at('ka.response.code', ['responseStatus', 'code'], 'HTTP status code, as text'),
  at(
    'ka.response.reason',
    ['responseStatus', 'reason'],
    'Forbidden, NotFound, …; failures only',
    rare,
  ),
  at('ka.useragent', ['userAgent'], 'what the client calls itself'),
  computed('ka.sourceips', 'ruleSourceIPs', 'addresses that the request came from', {
    ...indexed,
    useless: true,
    surprise:
      'the plugin reads requestObject.rules[].sourceIPs, which does not exist, so it is always missing; use jevt.value[/sourceIPs]',
  }),
  at(
    'ka.cluster.name',
    annotation('cluster_name'),
    'name of the cluster, where a proxy adds it',
    rare,
  ),
  ...containerFields('initContainers', { hostPort: true }),
  ...containerFields('ephemeralContainers', { hostPort: false }),
]

function json(prefix: 'json' | 'jevt'): FieldInfo[] {
  const alias = prefix === 'json' ? '' : '; the older name of the json field'
  return [
    computed(`${prefix}.value`, 'pointer', `value at a JSON pointer (RFC 6901)${alias}`, keyed),
    computed(`${prefix}.obj`, 'indented', `the whole event, indented${alias}`),
    computed(`${prefix}.rawtime`, 'rawTimeText', `time of the event in nanoseconds${alias}`),
  ]
}

const falcoFields: readonly FieldInfo[] = [
  computed('evt.num', 'number', 'number of the event in this run', { type: 'uint64' }),
  computed('evt.time', 'time', 'time of day with nanoseconds, UTC'),
  computed('evt.time.s', 'timeSeconds', 'time of day, UTC'),
  computed('evt.time.iso8601', 'timeIso', 'date and time in ISO 8601'),
  computed('evt.datetime', 'dateTime', 'date and time with nanoseconds, UTC'),
  computed('evt.datetime.s', 'dateTimeSeconds', 'date and time, UTC'),
  computed('evt.rawtime', 'rawTime', 'nanoseconds since 1970', { type: 'abstime' }),
  computed('evt.rawtime.s', 'rawTimeSeconds', 'seconds since 1970', { type: 'abstime' }),
  computed('evt.rawtime.ns', 'rawTimeFraction', 'nanoseconds within the second', {
    type: 'abstime',
    padded: true,
  }),
  computed('evt.reltime', 'relTime', 'nanoseconds since the first event', {
    type: 'reltime',
    padded: true,
  }),
  computed('evt.reltime.s', 'relTimeSeconds', 'seconds since the first event', { type: 'reltime' }),
  computed('evt.reltime.ns', 'relTimeFraction', 'the rest of that in nanoseconds', {
    type: 'reltime',
    padded: true,
  }),
  computed('evt.pluginname', 'pluginName', 'always k8saudit'),
  computed('evt.plugininfo', 'compactEvent', 'the whole event as JSON'),
  computed('evt.source', 'sourceName', 'always k8s_audit'),
  computed('evt.is_async', 'never', 'always false', {
    type: 'bool',
    useless: true,
    surprise: 'it is always `false`',
  }),
  computed('evt.asynctype', 'absent', 'always missing', {
    useless: true,
    surprise: 'it is always missing',
  }),
  computed('evt.hostname', 'hostName', 'name of the host that runs Falco'),
]

/** In the order in which a name is looked up, with the versions whose answers Parapet gives. */
export const fieldClasses: readonly FieldClass[] = [
  { name: 'falco', version: '0.44.1', takesArguments: false, fields: falcoFields },
  { name: 'k8saudit', version: '0.18.0', takesArguments: true, fields: auditFields },
  {
    name: 'json',
    version: '0.7.4',
    takesArguments: true,
    fields: [...json('json'), ...json('jevt')],
  },
]

/** All fields, for lists and suggestions. */
export const fields: readonly FieldInfo[] = fieldClasses.flatMap((each) => each.fields)
