import { describe, expect, test } from 'vitest'
import { pseudonymsIn } from '../../../src/audit/pseudonym/event.ts'
import { Pseudonyms } from '../../../src/audit/pseudonym/pseudonyms.ts'
import { spliced } from '../../../src/audit/redact/splice.ts'
import { auditLogs, logLines } from '../../support/logs.ts'
import { cli, eventLine, recording } from '../../support/cli.ts'

type Json = Record<string, unknown>

const key = 'a key for tests, and nothing else'
const pseudonyms = new Pseudonyms(key)
const name = (text: string): string => pseudonyms.name(text)
const user = (text: string): string => pseudonyms.user(text)

function renamed(json: string): string {
  const bytes = Buffer.from(json)
  return spliced(bytes, pseudonymsIn(bytes, pseudonyms))
}

const event = (fields: Json): Json => JSON.parse(renamed(eventLine(fields))) as Json
const body = (requestObject: unknown): unknown => event({ requestObject })['requestObject']

test('who, what and where from', () => {
  expect(event({ sourceIPs: ['10.0.0.7', '127.0.0.1'] })).toMatchObject({
    requestURI: `/api/v1/namespaces/${name('shop')}/pods/${name('web-0')}/exec?command=sh`,
    verb: 'create',
    user: { username: user('alice@example.com'), groups: ['system:authenticated'] },
    sourceIPs: [pseudonyms.address('10.0.0.7'), '127.0.0.1'],
    userAgent: 'kubectl/v1.34.0',
    objectRef: {
      resource: 'pods',
      namespace: name('shop'),
      name: name('web-0'),
      subresource: 'exec',
    },
  })
})

test('what an authenticator says of a user', () => {
  const extra = {
    'authentication.kubernetes.io/pod-name': ['web-0'],
    'authentication.kubernetes.io/credential-id': ['JTI=1'],
    'example.com/mail': ['alice@example.com'],
  }
  expect(event({ user: { username: 'alice', uid: 'u1', groups: ['ops'], extra } })).toMatchObject({
    user: {
      username: user('alice'),
      uid: pseudonyms.id('u1'),
      groups: [pseudonyms.group('ops')],
      extra: {
        'authentication.kubernetes.io/pod-name': [name('web-0')],
        'authentication.kubernetes.io/credential-id': ['JTI=1'],
        'example.com/mail': [pseudonyms.other('alice@example.com')],
      },
    },
  })
})

describe('addresses of requests', () => {
  test.each([
    ['/api/v1/nodes/w1/proxy/metrics', `/api/v1/nodes/${name('w1')}/proxy/metrics`],
    ['/api/v1/namespaces/shop', `/api/v1/namespaces/${name('shop')}`],
    ['/api/v1/namespaces/kube-system/pods', '/api/v1/namespaces/kube-system/pods'],
    [
      '/apis/apps/v1/namespaces/shop/deployments/w/scale',
      `/apis/apps/v1/namespaces/${name('shop')}/deployments/${name('w')}/scale`,
    ],
    [
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Adiscovery',
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Adiscovery',
    ],
    [
      '/api/v1/namespaces/shop/services/https:w:443/proxy/x',
      `/api/v1/namespaces/${name('shop')}/services/https:${name('w')}:443/proxy/x`,
    ],
    [
      '/api/v1/pods?fieldSelector=spec.nodeName%3Dw1,status.phase!=Failed&limit=5',
      `/api/v1/pods?fieldSelector=spec.nodeName%3D${name('w1')},status.phase!=Failed&limit=5`,
    ],
    [
      '/api/v1/pods?labelSelector=app+in+(a,b),tier%3Dx',
      `/api/v1/pods?labelSelector=app+in+(${name('a')},${name('b')}),tier%3Dx`,
    ],
    ['/api/v1/pods?container=web&command=sh', `/api/v1/pods?container=${name('web')}&command=sh`],
    ['/healthz?verbose', '/healthz?verbose'],
    [
      '/apis/apiregistration.k8s.io/v1/apiservices/v1.apps',
      '/apis/apiregistration.k8s.io/v1/apiservices/v1.apps',
    ],
  ])('%s', (requestURI, wanted) => {
    expect(event({ requestURI, objectRef: undefined })['requestURI']).toBe(wanted)
  })
})

describe('sentences', () => {
  const reason = 'authorization.k8s.io/reason'
  test.each([
    [
      'RBAC: allowed by ClusterRoleBinding "ci" of ClusterRole "admin" to ServiceAccount "bot/ci"',
      `RBAC: allowed by ClusterRoleBinding "${name('ci')}" of ClusterRole "admin" to ServiceAccount "${name('bot')}/${name('ci')}"`,
    ],
    [
      'RBAC: allowed by RoleBinding "a/shop" of Role "b" to User "bob@x.org"',
      `RBAC: allowed by RoleBinding "${name('a')}/${name('shop')}" of Role "${name('b')}" to User "${user('bob@x.org')}"`,
    ],
    [
      'secrets "db" is forbidden: User "bob" cannot get resource "secrets" in API group "" in the namespace "pay"',
      `secrets "${name('db')}" is forbidden: User "${user('bob')}" cannot get resource "secrets" in API group "" in the namespace "${name('pay')}"`,
    ],
    ['deployments.apps "w" not found', `deployments.apps "${name('w')}" not found`],
    [
      'assigned shop/web-0, asked by alice@example.com',
      `assigned ${name('shop')}/${name('web-0')}, asked by ${user('alice@example.com')}`,
    ],
    ['x web-0.shop.svc:80', `x ${name('web-0')}.${name('shop')}.svc:80`],
    ['webs and web-00 and shopping', 'webs and web-00 and shopping'],
  ])('%s', (text, wanted) => {
    const { annotations, responseStatus } = event({
      annotations: { [reason]: text },
      responseStatus: { message: text },
    }) as Record<string, Json>
    expect(annotations![reason]).toBe(wanted)
    expect(responseStatus!['message']).toBe(wanted)
  })
})

describe('bodies', () => {
  test('metadata, references, labels, containers', () => {
    const pod = {
      kind: 'Pod',
      metadata: {
        name: 'web-0',
        namespace: 'shop',
        labels: { app: 'web', tier: 'front', 'kubernetes.io/hostname': 'w1' },
        ownerReferences: [{ kind: 'ReplicaSet', name: 'web' }],
      },
      spec: {
        nodeName: 'w1',
        serviceAccountName: 'default',
        containers: [
          {
            name: 'main',
            image: 'ghcr.io/shop/web:1',
            env: [{ name: 'HOST', value: 'web.shop.svc' }],
            volumeMounts: [{ name: 'v', mountPath: '/etc' }],
          },
        ],
        volumes: [{ name: 'v', secret: { secretName: 'db' } }, { hostPath: { path: '/shop' } }],
      },
      status: { podIP: '10.1.2.3' },
    }
    expect(body(pod)).toEqual({
      kind: 'Pod',
      metadata: {
        name: name('web-0'),
        namespace: name('shop'),
        labels: { app: name('web'), tier: 'front', 'kubernetes.io/hostname': name('w1') },
        ownerReferences: [{ kind: 'ReplicaSet', name: name('web') }],
      },
      spec: {
        nodeName: name('w1'),
        serviceAccountName: 'default',
        containers: [
          {
            name: name('main'),
            image: `ghcr.io/${name('shop')}/${name('web')}:1`,
            env: [{ name: 'HOST', value: `${name('web')}.${name('shop')}.svc` }],
            volumeMounts: [{ name: 'v', mountPath: '/etc' }],
          },
        ],
        volumes: [
          { name: 'v', secret: { secretName: name('db') } },
          { hostPath: { path: '/shop' } },
        ],
      },
      status: { podIP: pseudonyms.address('10.1.2.3') },
    })
  })

  test('subjects of bindings', () => {
    const subjects = [
      { kind: 'User', name: 'bob@x.org' },
      { kind: 'Group', name: 'ops' },
      { kind: 'Group', name: 'system:masters' },
      { kind: 'ServiceAccount', name: 'default', namespace: 'shop' },
    ]
    expect(body({ subjects, roleRef: { kind: 'ClusterRole', name: 'edit' } })).toEqual({
      subjects: [
        { kind: 'User', name: user('bob@x.org') },
        { kind: 'Group', name: pseudonyms.group('ops') },
        { kind: 'Group', name: 'system:masters' },
        { kind: 'ServiceAccount', name: 'default', namespace: name('shop') },
      ],
      roleRef: { kind: 'ClusterRole', name: 'edit' },
    })
  })

  test('reviews, selectors, patches, certificates, JSON in annotations', () => {
    const review = {
      user: 'bob',
      groups: ['ops'],
      resourceAttributes: { namespace: 'pay', name: 'db' },
    }
    expect(body({ spec: review })).toEqual({
      spec: {
        user: user('bob'),
        groups: [pseudonyms.group('ops')],
        resourceAttributes: { namespace: name('pay'), name: name('db') },
      },
    })
    const selector = {
      matchLabels: { app: 'w' },
      matchExpressions: [{ key: 'app', values: ['w'] }],
    }
    expect(body({ spec: { selector } })).toEqual({
      spec: {
        selector: {
          matchLabels: { app: name('w') },
          matchExpressions: [{ key: 'app', values: [name('w')] }],
        },
      },
    })
    expect(body([{ op: 'add', path: '/spec/nodeName', value: 'w1' }])).toEqual([
      { op: 'add', path: '/spec/nodeName', value: name('w1') },
    ])
    const request = {
      kind: 'CertificateSigningRequest',
      spec: { request: 'LS0t', username: 'bob' },
    }
    expect(body(request)).toMatchObject({
      spec: { request: 'UkVEQUNURUQ=', username: user('bob') },
    })
    const applied = JSON.stringify({ metadata: { name: 'w', namespace: 'pay' } })
    expect(body({ metadata: { annotations: { applied } } })).toEqual({
      metadata: {
        annotations: {
          applied: JSON.stringify({ metadata: { name: name('w'), namespace: name('pay') } }),
        },
      },
    })
  })
})

interface Found {
  readonly rule: string
  readonly auditID: string
  readonly message: string
  readonly priority: string
}

async function findings(stdin: string): Promise<Found[]> {
  const args = ['scan', '-', '-f', 'jsonl', '--every-stage']
  const { stdout } = await cli(args, { stdin })
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"rule"'))
    .map((line) => JSON.parse(line) as Found)
}

describe.each(auditLogs())('%s', (_, file) => {
  const lines = logLines(file).map((line) => Buffer.from(line).toString())

  test('a scan finds the same in it, up to the names', async () => {
    const original = await cli(['redact', '-'], { stdin: lines.join('\n') })
    const env = { PARAPET_PSEUDONYM_KEY: key }
    const other = await cli(['redact', '-', '--pseudonymise'], { stdin: lines.join('\n'), env })
    expect(other.stdout.split('\n')).toHaveLength(original.stdout.split('\n').length)
    const [before, after] = [await findings(original.stdout), await findings(other.stdout)]
    const what = ({ rule, auditID, priority }: Found): string => `${rule} ${priority} ${auditID}`
    expect(after.map(what).sort()).toEqual(before.map(what).sort())
  })
})

test('nobody of the recording is called by name', async () => {
  const { stdout } = await cli(['redact', recording, '--pseudonymise', '--key', 'env:KEY'], {
    env: { KEY: key },
  })
  for (const known of [
    /alice|carol|mallory|\bbob\b/,
    /kubernetes-admin/,
    /203\.0\.113\.77/,
    /payments|(?<!system:)monitoring/,
    /worker-1|ledger|stripe|developers|deployer/,
    /"namespace":"(?:shop|ci)"|\/namespaces\/(?:shop|ci)\b/,
  ]) {
    expect(known.exec(stdout)?.[0]).toBeUndefined()
  }
})
