import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { from, what, when, where, who } from '../../src/audit/describe.ts'
import type { AuditEvent } from '../../src/audit/event.ts'
import { manyOf, oneOf, someOf } from '../../src/audit/resource-words.ts'

const pod = { resource: 'pods', namespace: 'payments', name: 'ledger-0', apiVersion: 'v1' }
const exec = (...command: string[]): AuditEvent => ({
  verb: 'create',
  objectRef: { ...pod, subresource: 'exec' },
  requestURI: `/api/v1/namespaces/payments/pods/ledger-0/exec?${command.map((word) => `command=${encodeURIComponent(word)}&`).join('')}stdin=true`,
  responseStatus: { code: 101 },
})
const on = (verb: string, objectRef: AuditEvent['objectRef'], code = 200): AuditEvent => ({
  verb,
  stage: 'ResponseComplete',
  ...(objectRef ? { objectRef } : {}),
  responseStatus: { code },
})

describe('what', () => {
  test.each<[AuditEvent, string]>([
    [exec('bash'), 'opened a shell in pod ledger-0'],
    [exec('/bin/sh', '-i'), 'opened a shell in pod ledger-0'],
    [exec('sh', '-c', 'echo s3cret'), 'ran sh in pod ledger-0'],
    [exec('sh', '/tmp/x.sh'), 'ran sh in pod ledger-0'],
    [exec('/usr/bin/curl', '-u', 'me:s3cret'), 'ran curl in pod ledger-0'],
    [exec(), 'ran a command in pod ledger-0'],
    [{ ...exec('bash'), verb: 'get' }, 'opened a shell in pod ledger-0'],
    [on('create', { ...pod, subresource: 'attach' }), 'attached to pod ledger-0'],
    [on('get', { ...pod, subresource: 'portforward' }), 'opened a tunnel to pod ledger-0'],
    [on('get', { ...pod, subresource: 'log' }), 'read the logs of pod ledger-0'],
    [
      on('patch', { ...pod, subresource: 'ephemeralcontainers' }),
      'put a debugging container into pod ledger-0',
    ],
    [
      on('get', { ...pod, subresource: 'ephemeralcontainers' }),
      'read the ephemeralcontainers of pod ledger-0',
    ],
    [on('create', { ...pod, subresource: 'eviction' }), 'evicted pod ledger-0'],
    [
      on('get', { resource: 'nodes', name: 'n1', subresource: 'proxy' }),
      'sent a request through the API server to node n1',
    ],
    [
      on('create', { resource: 'serviceaccounts', name: 'ci', subresource: 'token' }),
      'requested a token for service account ci',
    ],
    [
      on('update', { resource: 'deployments', name: 'web', subresource: 'scale' }),
      'replaced the scale of deployment web',
    ],
    [
      on('patch', { resource: 'nodes', name: 'n1', subresource: 'status' }),
      'changed the status of node n1',
    ],
    [on('create', { resource: 'tokenreviews' }), 'checked a token'],
    [on('create', { resource: 'selfsubjectaccessreviews' }), 'asked what they may do'],
    [on('list', { resource: 'secrets', namespace: 'payments' }), 'listed secrets'],
    [on('watch', { resource: 'configmaps', name: 'ca' }), 'watched config map ca'],
    [on('get', { resource: 'secrets', name: 'db' }), 'read secret db'],
    [on('create', { resource: 'pods' }), 'created a pod'],
    [on('create', { resource: 'ingresses' }), 'created an ingress'],
    [
      on('create', { resource: 'clusterrolebindings', name: 'x' }),
      'created cluster role binding x',
    ],
    [on('deletecollection', { resource: 'events' }), 'deleted all events'],
    [on('delete', { resource: 'widgets', name: 'w' }), 'deleted widget w'],
    [on('approve', { resource: 'signers', name: 's' }), 'used the verb approve on signer s'],
    [{ verb: 'get', requestURI: '/healthz?token=s3cret' }, 'requested /healthz'],
    [{ verb: 'post', requestURI: '/logs' }, 'sent POST to /logs'],
    [{}, 'requested the API server'],
    // How it ended.
    [on('get', { resource: 'secrets', name: 'db' }, 403), 'tried to read secret db (not allowed)'],
    [
      { ...exec('bash'), responseStatus: { code: 403 } },
      'tried to open a shell in pod ledger-0 (not allowed)',
    ],
    [on('list', { resource: 'secrets' }, 401), 'tried to list secrets (not authenticated)'],
    [on('delete', pod, 500), 'tried to delete pod ledger-0 (failed with 500)'],
    [on('delete', pod, 404), 'tried to delete pod ledger-0 (not found)'],
    [
      { ...on('delete', pod), stage: 'Panic' },
      'tried to delete pod ledger-0 (the API server failed)',
    ],
    [{ verb: 'delete', stage: 'RequestReceived', objectRef: pod }, 'asked to delete pod ledger-0'],
    [{ ...on('delete', pod), requestURI: '/x?dryRun=All' }, 'deleted pod ledger-0 (as a dry run)'],
  ])('%#: %j', (event, words) => {
    expect(what(event)).toBe(words)
  })
})

describe('who', () => {
  test.each<[AuditEvent, string]>([
    [{ user: { username: 'alice@example.com' } }, 'alice@example.com'],
    [
      { user: { username: 'alice@example.com' }, impersonatedUser: { username: 'bob' } },
      'alice@example.com (acting as bob)',
    ],
    [
      { user: { username: 'a' }, impersonatedUser: { username: 'system:serviceaccount:prod:ci' } },
      'a (acting as service account prod/ci)',
    ],
    [{ user: { username: 'system:serviceaccount:prod:ci' } }, 'service account prod/ci'],
    [{ user: { username: 'system:node:n1' } }, 'node n1'],
    [{ user: { username: 'system:anonymous' } }, 'somebody without credentials'],
    [{ user: { username: 'system:kube-scheduler' } }, 'the scheduler'],
    [{ user: { username: 'constructor' } }, 'constructor'],
    [{ user: {}, responseStatus: { code: 401 } }, 'somebody with invalid credentials'],
    [{}, 'an unknown user'],
    [{ user: { username: 'a\u001b[31m\nb\u202e' } }, 'a\ufffd[31m\ufffdb\ufffd'],
    [{ user: { username: 'x'.repeat(500) } }, `${'x'.repeat(127)}…`],
  ])('%#: %j', (event, words) => {
    expect(who(event)).toBe(words)
  })
})

describe('where, from where and when', () => {
  test.each<[AuditEvent, string]>([
    [on('get', pod), 'namespace payments'],
    [on('list', { resource: 'pods' }), 'all namespaces'],
    [on('list', { resource: 'nodes' }), 'the whole cluster'],
    [on('create', { resource: 'clusterroles', name: 'x' }), 'the whole cluster'],
    [{ requestURI: '/healthz' }, 'the API server'],
  ])('%j', (event, words) => {
    expect(where(event)).toBe(words)
  })

  test('addresses', () => {
    expect(from({ sourceIPs: ['10.0.3.7'] })).toBe('10.0.3.7')
    expect(from({ sourceIPs: ['203.0.113.9', '10.0.3.7'] })).toBe('203.0.113.9 by way of 10.0.3.7')
    expect(from({})).toBeNull()
  })

  test('times', () => {
    expect(when({ stageTimestamp: '2026-11-24T02:43:01.936156Z' })).toBe('2026-11-24 02:43:01 UTC')
    expect(when({ requestReceivedTimestamp: '2026-11-24T02:43:01+01:00' })).toBe(
      '2026-11-24 02:43:01 +01:00',
    )
    expect(when({ stageTimestamp: 'yesterday' })).toBeNull()
  })
})

test('anything may be missing or of another type', () => {
  for (const odd of [null, 0, 'text', [], {}, [{}], true]) {
    const names = [
      'user',
      'impersonatedUser',
      'objectRef',
      'responseStatus',
      'sourceIPs',
      'verb',
      'stage',
      'requestURI',
    ]
    const event = Object.fromEntries(names.map((name) => [name, odd]))
    const inner = {
      objectRef: { resource: odd, name: odd, namespace: odd, subresource: odd },
      user: { username: odd },
    }
    for (const value of [event, inner]) {
      for (const text of [who(value), what(value), where(value)]) expect(text).toMatch(/^\S.*\S$/)
    }
  }
})

test('every recorded event can be told in a line', () => {
  const file = path.join(import.meta.dirname, '../recordings/cluster.jsonl')
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  for (const line of lines) {
    const event = JSON.parse(line)
    expect(`${when(event)}: ${who(event)} ${what(event)} in ${where(event)}`).toMatch(
      /^2026-11-24 \d\d:\d\d:\d\d UTC: [^\n?]+ in [^\n]+$/,
    )
  }
})

test('words for resources', () => {
  const words = (resource: string): string[] => [
    oneOf(resource),
    manyOf(resource),
    someOf(resource),
  ]
  expect(words('pods')).toEqual(['pod', 'pods', 'a pod'])
  expect(words('networkpolicies')).toEqual([
    'network policy',
    'network policies',
    'a network policy',
  ])
  expect(words('ingresses')).toEqual(['ingress', 'ingresses', 'an ingress'])
  expect(words('endpoints')).toEqual(['endpoints', 'endpoints', 'endpoints'])
  expect(words('proxies')).toEqual(['proxy', 'proxies', 'a proxy'])
  expect(words('apiservices')).toEqual(['API service', 'API services', 'an API service'])
  expect(words('constructor')).toEqual(['constructor', 'constructor', 'a constructor'])
})
