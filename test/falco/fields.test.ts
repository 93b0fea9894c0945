import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FieldSlots, FieldStore } from '../../src/falco/eval/store.ts'
import { fromUtf8 } from '../../src/falco/event/byte-string.ts'
import { JsonValue } from '../../src/falco/event/json-value.ts'
import { PathScanner, found } from '../../src/falco/event/scan.ts'
import { fields } from '../../src/falco/fields/catalogue.ts'
import { isProblem, resolveField } from '../../src/falco/fields/resolve.ts'

/** A field's value on an event, written `name` or `name[argument]`. */
function read(text: string, event: object | string): unknown {
  const [, name = '', arg] = /^([^[]*)(?:\[(.*)\])?$/s.exec(text)!
  const field = resolveField(arg === undefined ? { name } : { name, arg })
  assert(!isProblem(field), text)
  const slots = new FieldSlots()
  const slot = slots.add(field)
  const store = new FieldStore(slots, { hostname: 'falco-1' })
  store.reset(Buffer.from(typeof event === 'string' ? event : JSON.stringify(event)))
  store.view.count()
  const value = store.get(slot)
  if (typeof value === 'string') return fromUtf8(value)
  return Array.isArray(value) ? (value as string[]).map(fromUtf8) : value
}

const base = {
  kind: 'Event',
  auditID: 'id-1',
  stage: 'ResponseComplete',
  stageTimestamp: '2024-05-01T10:00:00.001000Z',
  verb: 'create',
}

const pod = {
  ...base,
  requestURI: '/api/v1/pods?a=1&b=%20x',
  userAgent: 'kubectl',
  sourceIPs: ['192.0.2.7'],
  user: { username: 'alice', groups: ['dev', 'ops'] },
  impersonatedUser: { username: 'root' },
  objectRef: { resource: 'pods', namespace: 'shop', name: 'web' },
  responseStatus: { code: 201, reason: 'Created' },
  annotations: {
    'authorization.k8s.io/decision': 'allow',
    'authorization.k8s.io/reason': 'because',
    'authentication.openshift.io/decision': 'allow',
    'authentication.openshift.io/username': 'openshift',
    'validation.policy.admission.k8s.io/validation_failure': '[]',
    'pod-security.kubernetes.io/audit-violations': 'would violate',
    cluster_name: 'prod',
  },
  requestObject: {
    spec: {
      hostIPC: true,
      hostNetwork: false,
      hostPID: true,
      securityContext: { runAsUser: 5, runAsGroup: 6, fsGroup: 7, supplementalGroups: [8, 9] },
      containers: [
        {
          name: 'a',
          image: 'docker.io/app:1',
          command: ['sh', '-c'],
          args: ['x', 'y z'],
          ports: [{ hostPort: 80, containerPort: 8080 }, { containerPort: 443 }, {}],
          securityContext: {
            privileged: true,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            runAsUser: 10,
            runAsGroup: 11,
            procMount: 'Unmasked',
            capabilities: { add: ['SYS_ADMIN', 'NET_RAW'] },
          },
        },
        { name: 'b', image: 'registry:5000/b@sha256:x', securityContext: {} },
      ],
      initContainers: [{ name: 'i', image: 'init' }],
      ephemeralContainers: [{ name: 'e', image: 'debug', command: ['top'] }],
      volumes: [
        { name: 'v', hostPath: { path: '/var/run' } },
        { name: 'w', flexVolume: { driver: 'd' } },
        { emptyDir: {}, name: 'x' },
      ],
    },
  },
  responseObject: { metadata: { name: 'web-1' } },
}

const role = {
  ...base,
  requestObject: {
    rules: [
      { apiGroups: [''], resources: ['pods', 'secrets'], verbs: ['get'] },
      { nonResourceURLs: ['/metrics'], verbs: ['*'] },
    ],
  },
}

const binding = {
  ...base,
  objectRef: { name: 'admins' },
  requestObject: {
    roleRef: { name: 'cluster-admin' },
    data: { a: 'b' },
    subjects: [
      { kind: 'User', name: 'u' },
      { kind: 'Group', name: 'g' },
      { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      { kind: 'ServiceAccount', name: 't' },
      { kind: 'User' },
    ],
  },
}

const service = { ...base, requestObject: { spec: { type: 'NodePort', ports: [{ port: 80 }] } } }

const values: readonly (readonly [field: string, event: object, value: unknown])[] = [
  ['ka.auditid', pod, 'id-1'],
  ['ka.stage', pod, 'ResponseComplete'],
  ['ka.auth.decision', pod, 'allow'],
  ['ka.auth.reason', pod, 'because'],
  ['ka.auth.openshift.decision', pod, 'allow'],
  ['ka.auth.openshift.username', pod, 'openshift'],
  ['ka.validations.admission.policy.failure', pod, '[]'],
  ['ka.security.pod.violations', pod, 'would violate'],
  ['ka.user.name', pod, 'alice'],
  ['ka.user.groups', pod, ['dev', 'ops']],
  ['ka.impuser.name', pod, 'root'],
  ['ka.verb', pod, 'create'],
  ['ka.uri', pod, '/api/v1/pods?a=1&b=%20x'],
  ['ka.uri.param[b]', pod, ' x'],
  ['ka.uri.param[c]', pod, undefined],
  ['ka.target.name', pod, 'web'],
  ['ka.target.namespace', pod, 'shop'],
  ['ka.target.resource', pod, 'pods'],
  ['ka.target.subresource', pod, undefined],
  ['ka.target.pod.name', pod, 'web-1'],
  [
    'ka.target.pod.name',
    { ...pod, objectRef: { resource: 'pods', subresource: 'exec' } },
    undefined,
  ],
  ['ka.req.binding.subjects', binding, expect.arrayContaining(['{"kind":"User","name":"u"}'])],
  ['ka.req.binding.subjects.user_names', binding, ['u']],
  ['ka.req.binding.subjects.serviceaccount_names', binding, ['s', 't']],
  ['ka.req.binding.subjects.serviceaccount_ns_names', binding, ['n:s']],
  ['ka.req.binding.subjects.group_names', binding, ['g']],
  ['ka.req.binding.role', binding, 'cluster-admin'],
  ['ka.req.binding.subject.has_name[x]', base, 'true'],
  ['ka.req.configmap.name', binding, 'admins'],
  ['ka.req.configmap.obj', binding, '{"a":"b"}'],
  ['ka.req.pod.containers.name', pod, ['a', 'b']],
  ['ka.req.pod.containers.name[1]', pod, ['b']],
  ['ka.req.pod.containers.name[2]', pod, undefined],
  ['ka.req.pod.containers.image', pod, ['docker.io/app:1', 'registry:5000/b@sha256:x']],
  ['ka.req.pod.containers.image.repository', pod, ['docker.io/app', 'registry']],
  ['ka.req.pod.containers.command', pod, ['sh -c']],
  ['ka.req.pod.containers.args', pod, ['x y z']],
  ['ka.req.pod.containers.args[1]', pod, undefined],
  ['ka.req.pod.containers.privileged', pod, ['true']],
  ['ka.req.pod.containers.allow_privilege_escalation', pod, ['false']],
  ['ka.req.pod.containers.read_only_fs', pod, ['true']],
  ['ka.req.pod.containers.run_as_user', pod, ['10']],
  ['ka.req.pod.containers.eff_run_as_user', pod, ['0', '0']],
  ['ka.req.pod.containers.run_as_group', pod, ['11']],
  ['ka.req.pod.containers.eff_run_as_group', pod, ['0', '0']],
  ['ka.req.pod.containers.eff_run_as_group[0]', pod, undefined],
  ['ka.req.pod.containers.proc_mount', pod, ['Unmasked']],
  ['ka.req.pod.containers.add_capabilities', pod, ['["SYS_ADMIN","NET_RAW"]']],
  ['ka.req.pod.containers.host_port', pod, ['80', '443']],
  ['ka.req.container.image', pod, 'docker.io/app:1'],
  ['ka.req.container.image.repository', pod, 'docker.io/app'],
  ['ka.req.container.privileged', pod, 'true'],
  [
    'ka.req.container.privileged',
    { ...base, requestObject: { spec: { containers: [] } } },
    'false',
  ],
  ['ka.req.container.privileged', base, undefined],
  ['ka.req.pod.host_ipc', pod, 'true'],
  ['ka.req.pod.host_network', pod, 'false'],
  ['ka.req.container.host_network', pod, 'false'],
  ['ka.req.pod.host_pid', pod, 'true'],
  ['ka.req.pod.run_as_user', pod, '5'],
  ['ka.req.pod.run_as_group', pod, '6'],
  ['ka.req.pod.fs_group', pod, '7'],
  ['ka.req.pod.supplemental_groups', pod, ['8', '9']],
  [
    'ka.req.role.rules',
    role,
    expect.arrayContaining(['{"nonResourceURLs":["/metrics"],"verbs":["*"]}']),
  ],
  ['ka.req.role.rules.apiGroups', role, ['']],
  ['ka.req.role.rules.nonResourceURLs', role, ['/metrics']],
  ['ka.req.role.rules.verbs', role, ['get', '*']],
  ['ka.req.role.rules.verbs[1]', role, ['*']],
  ['ka.req.role.rules.resources', role, ['pods', 'secrets']],
  ['ka.req.service.type', service, 'NodePort'],
  ['ka.req.service.ports[5]', service, ['[{"port":80}]']],
  ['ka.req.pod.volumes.hostpath', pod, ['/var/run']],
  ['ka.req.pod.volumes.hostpath[1]', pod, undefined],
  ['ka.req.volume.hostpath[/var/*]', pod, 'true'],
  ['ka.req.volume.hostpath[/var]', pod, 'false'],
  ['ka.req.volume.hostpath[/var]', base, undefined],
  ['ka.req.pod.volumes.flexvolume_driver', pod, ['d']],
  ['ka.req.pod.volumes.volume_type', pod, ['hostPath', 'flexVolume', 'emptyDir']],
  ['ka.req.pod.volumes.volume_type[2]', pod, ['emptyDir']],
  ['ka.resp.name', pod, 'web-1'],
  ['ka.response.code', pod, '201'],
  ['ka.response.reason', pod, 'Created'],
  ['ka.useragent', pod, 'kubectl'],
  ['ka.sourceips', pod, undefined],
  ['ka.sourceips', { ...base, requestObject: { rules: [{ sourceIPs: ['x'] }] } }, ['x']],
  ['ka.cluster.name', pod, 'prod'],
  ['ka.req.pod.initContainers.image', pod, ['init']],
  ['ka.req.pod.ephemeralContainers.command', pod, ['top']],
  ['json.value[/user/groups/1]', pod, 'ops'],
  ['jevt.value[user/username]', pod, 'alice'],
  ['jevt.value[/annotations/authorization.k8s.io~1decision]', pod, 'allow'],
  ['jevt.value[/nope]', pod, undefined],
  ['jevt.value[/user]', pod, '{"username":"alice","groups":["dev","ops"]}'],
  ['jevt.value[]', base, JSON.stringify(base)],
  ['json.obj', base, JSON.stringify(base, null, 2)],
  ['jevt.obj', base, JSON.stringify(base, null, 2)],
  ['json.rawtime', base, '1714557600001000000'],
  ['jevt.rawtime', base, '1714557600001000000'],
  ['evt.num', base, 1n],
  ['evt.time', base, '10:00:00.001000000'],
  ['evt.time.s', base, '10:00:00'],
  ['evt.time.iso8601', base, '2024-05-01T10:00:00.001000000+0000'],
  ['evt.datetime', base, '2024-05-01 10:00:00.001000000'],
  ['evt.datetime.s', base, '2024-05-01 10:00:00'],
  ['evt.rawtime', base, 1_714_557_600_001_000_000n],
  ['evt.rawtime.s', base, 1_714_557_600n],
  ['evt.rawtime.ns', base, 1_000_000n],
  ['evt.reltime', base, 0n],
  ['evt.reltime.s', base, 0n],
  ['evt.reltime.ns', base, 0n],
  ['evt.pluginname', base, 'k8saudit'],
  ['evt.plugininfo', base, JSON.stringify(base)],
  ['evt.source', base, 'k8s_audit'],
  ['evt.is_async', base, false],
  ['evt.asynctype', base, undefined],
  ['evt.hostname', base, 'falco-1'],
]

test.each(values)('%s', (field, event, value) => {
  expect(read(field, event)).toEqual(value)
})

test('there are as many fields as in Falco, and each is tried', () => {
  expect(fields.filter(({ name }) => name.startsWith('ka.'))).toHaveLength(100)
  const lists = fields.filter(({ name, list }) => name.startsWith('ka.') && list)
  expect(lists).toHaveLength(61)
  expect(lists.filter(({ argument }) => argument === 'index')).toHaveLength(53)
  expect(
    fields.filter(({ name, argumentRequired }) => name.startsWith('ka.') && argumentRequired),
  ).toHaveLength(3)
  const tried = new Set(values.map(([field]) => field.replace(/\[.*$/, '')))
  const untried = fields
    .map(({ name }) => name.replace(/\.(?:init|ephemeral)Containers\..*$/, '.containers.name'))
    .filter((name) => !tried.has(name))
  expect(untried).toEqual([])
})

describe('without the key auditID', () => {
  const { auditID: _, ...anonymous } = pod
  test.each([
    'ka.verb',
    'ka.user.groups',
    'ka.req.pod.containers.image',
    'ka.req.binding.subject.has_name[x]',
  ])('%s is missing', (field) => {
    expect(read(field, anonymous)).toBeUndefined()
  })

  test('null is a value, and other plugins do not care', () => {
    expect(read('ka.auditid', { ...base, auditID: null })).toBe('null')
    expect(read('jevt.value[/verb]', anonymous)).toBe('create')
  })
})

describe('the bytes as they are', () => {
  test.each<[note: string, json: string, value: string | undefined]>([
    ['numbers keep their spelling', '{"auditID":1,"verb":1.50}', '1.50'],
    ['large numbers too', '{"auditID":1,"verb":12345678901234567890}', '12345678901234567890'],
    ['blanks are left out', '{"auditID":1,"verb":{ "a" : [ 1 , "x y" ] }}', '{"a":[1,"x y"]}'],
    ['escapes inside stay', '{"auditID":1,"verb":["\\u0041\\/"]}', '["\\u0041\\/"]'],
    ['strings are unescaped', '{"auditID":1,"verb":"\\u0041\\/\\n\\ud83d\\ude00"}', 'A/\n😀'],
    ['half a pair stays', '{"auditID":1,"verb":"\\ud800x"}', '\\ud800x'],
    ['a wrong pair is replaced', '{"auditID":1,"verb":"\\ud800\\u0041"}', '\ufffd'],
    ['a NUL ends a text', '{"auditID":1,"verb":"a\\u0000b"}', 'a'],
    ['the first of two wins', '{"auditID":1,"verb":"a","verb":"b"}', 'a'],
    ['a plain name before an escaped one', '{"auditID":1,"v\\u0065rb":"a","verb":"b"}', 'b'],
    ['an escaped name', '{"auditID":1,"v\\u0065rb":"a"}', 'a'],
    ['blanks around', ' { "auditID" : 1 , "verb" : "a" } ', 'a'],
    ['an empty text is there', '{"auditID":1,"verb":""}', ''],
  ])('%s', (_, json, value) => {
    expect(read('ka.verb', json)).toBe(value)
    expect(read('jevt.value[/verb]', json)).toBe(value)
  })

  test.each<[json: string, pointer: string, value: string | undefined]>([
    ['{"a":[{"b":1}]}', '/a/0/b', '1'],
    ['{"a":[1,2]}', '/a/+1', '2'],
    ['{"a":[1,2]}', '/a/01', '2'],
    ['{"a":[1,2]}', '/a/-0', '1'],
    ['{"a":[1,2]}', '/a/-1', undefined],
    ['{"a":[1,2]}', '/a/2', undefined],
    ['{"a":[1,2]}', '/a/x', undefined],
    ['{"a":{"0":1}}', '/a/0', '1'],
    ['{"a":"x"}', '/a/b', undefined],
    ['{"":{"":1}}', '//', '1'],
    ['{"a~b":1}', '/a~0b', '1'],
    ['{"é":1}', '/é', '1'],
    ['{"a":{"a":1,"b":2},"a":{"b":3}}', '/a/b', '2'],
  ])('%s at %s', (json, pointer, value) => {
    expect(read(`jevt.value[${pointer}]`, json)).toBe(value)
  })
})

/** Any JSON, with keys that come again on all levels. */
const key = fc.constantFrom('a', 'b', 'c', '')
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.constantFrom(true, false, null),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
}))
const anyObject = json['object'] as fc.Arbitrary<Record<string, unknown>>
const anyPath = fc.array(key, { minLength: 1, maxLength: 3 })

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => {
    const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    return isObject && Object.hasOwn(inner, name)
      ? (inner as Record<string, unknown>)[name]
      : undefined
  }, value)
}

test('values in place are those that JSON.parse gives', () => {
  const property = fc.property(
    anyObject,
    fc.constantFrom(0, 1),
    anyPath,
    (object, indent, path) => {
      const bytes = Buffer.from(JSON.stringify(object, null, indent))
      const value = new JsonValue(bytes, 0).get(...path)
      const wanted = at(object, path)
      assert.equal(value?.end === undefined, wanted === undefined)
      if (!value) return
      const text = fromUtf8(value.text())
      assert.equal(text, typeof wanted === 'string' ? wanted : JSON.stringify(wanted))
    },
  )
  expect(() => fc.assert(property, { numRuns: 2000 })).not.toThrow()
})

test('the scanner finds what is found one by one', () => {
  const paths = fc.uniqueArray(anyPath, {
    minLength: 1,
    maxLength: 6,
    selector: (path) => path.join('/'),
  })
  const property = fc.property(
    fc.array(anyObject, { minLength: 1, maxLength: 4 }),
    paths,
    (objects, wanted) => {
      const scanner = new PathScanner(wanted)
      // One scanner for many events: nothing of one may be left for the next.
      for (const object of objects) {
        const bytes = Buffer.from(JSON.stringify(object))
        scanner.scan(bytes)
        if (scanner.odd) continue
        wanted.forEach((path, slot) => {
          const value = at(object, path)
          assert.equal(scanner.kinds[slot] === found.nothing, value === undefined)
          if (value === undefined) return
          const text = bytes.subarray(scanner.starts[slot], scanner.ends[slot]).toString()
          const read: unknown = JSON.parse(typeof value === 'string' ? `"${text}"` : text)
          assert.equal(JSON.stringify(read), JSON.stringify(value))
        })
      }
    },
  )
  expect(() => fc.assert(property, { numRuns: 2000 })).not.toThrow()
})

describe('fields that cannot be used so', () => {
  test.each<[field: string, arg: string | undefined, message: string]>([
    ['ka.nope', undefined, 'unknown field `ka.nope`'],
    ['ka.verbs', undefined, 'unknown field `ka.verbs`'],
    ['ka.verb', '0', 'the field `ka.verb` takes no argument, but `[0]` is given'],
    ['ka.uri.param', undefined, 'the field `ka.uri.param` needs an argument'],
    ['ka.uri.param', 'a b', 'the argument of `ka.uri.param` holds a blank'],
    ['ka.uri.param', 'a]b', 'unknown field `ka.uri.param[a]b]`'],
    [
      'ka.req.pod.containers.name',
      'x',
      'the argument of `ka.req.pod.containers.name` must be an index, but it is `x`',
    ],
    [
      'ka.req.pod.containers.name',
      '01',
      'the argument of `ka.req.pod.containers.name` must be an index, but it is `01`',
    ],
    [
      'ka.req.pod.containers.name',
      '',
      'the argument of `ka.req.pod.containers.name` must be an index, but it is ``',
    ],
    ['ka.req.volume.hostpath', '', 'the argument of `ka.req.volume.hostpath` is empty'],
    ['evt.num', '0', 'unknown field `evt.num[0]`'],
    ['evt.type', undefined, 'unknown field `evt.type`'],
    ['proc.name', undefined, 'unknown field `proc.name`'],
  ])('%s[%s]', (name, arg, message) => {
    expect(resolveField(arg === undefined ? { name } : { name, arg })).toMatchObject({ message })
  })
})
