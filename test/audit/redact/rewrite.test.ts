import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Kind } from '../../../src/audit/redact/kinds.ts'
import { redactionsOf } from '../../../src/audit/redact/rewrite.ts'
import { compact, spliced } from '../../../src/audit/redact/splice.ts'
import { redactorFor } from '../../../src/audit/redact.ts'
import { logLines } from '../../support/logs.ts'
import { eventLine, recording } from '../../support/cli.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
/** Long and mixed enough to be no name. */
const strong = ['x7Kq2', 'mV9pL4', 'wZ8tR1'].join('')

function redacted(json: string): { text: string; kinds: Kind[] } {
  const bytes = Buffer.from(json)
  const redactions = redactionsOf(bytes, 0, bytes.length)
  return { text: spliced(bytes, redactions), kinds: redactions.map(({ kind }) => kind) }
}

/** An event about this kind of resource with this request, redacted. */
function request(resource: string, body: unknown): { object: unknown; kinds: Kind[] } {
  const { text, kinds } = redacted(eventLine({ objectRef: { resource }, requestObject: body }))
  return { object: (JSON.parse(text) as Record<string, unknown>)['requestObject'], kinds }
}

describe('by place', () => {
  test.each<[note: string, resource: string, body: unknown, wanted: unknown]>([
    [
      'a Secret',
      'secrets',
      { data: { a: base64('x') }, stringData: { b: 'y', empty: '' }, type: 'Opaque' },
      { data: { a: 'UkVEQUNURUQ=' }, stringData: { b: 'REDACTED', empty: '' }, type: 'Opaque' },
    ],
    [
      'Secrets in a list of anything',
      'widgets',
      {
        items: [
          { kind: 'Secret', data: { a: 'eA==' } },
          { kind: 'Widget', data: { a: 'x' } },
        ],
      },
      {
        items: [
          { kind: 'Secret', data: { a: 'UkVEQUNURUQ=' } },
          { kind: 'Widget', data: { a: 'x' } },
        ],
      },
    ],
    [
      'a list whose items do not say what they are',
      'widgets',
      { kind: 'SecretList', items: [{ data: { a: 'eA==' } }] },
      { kind: 'SecretList', items: [{ data: { a: 'UkVEQUNURUQ=' } }] },
    ],
    ['a number', 'secrets', { stringData: { pin: 1234 } }, { stringData: { pin: 'REDACTED' } }],
    [
      'a JSON Patch of a Secret',
      'secrets',
      [
        { op: 'add', path: '/data/a', value: 'eA==' },
        { op: 'add', path: '/stringData', value: { b: 'x' } },
        { op: 'add', path: '/metadata/labels/a', value: 'b' },
      ],
      [
        { op: 'add', path: '/data/a', value: 'UkVEQUNURUQ=' },
        { op: 'add', path: '/stringData', value: { b: 'REDACTED' } },
        { op: 'add', path: '/metadata/labels/a', value: 'b' },
      ],
    ],
    [
      'a ConfigMap',
      'configmaps',
      {
        data: { password: 'x', level: 'info', 'app.conf': 'db_password: hunter2\nlevel: info' },
        binaryData: { 'api-key': base64('x'), logo: 'iVBORw0KGgo=' },
      },
      {
        data: {
          password: 'REDACTED',
          level: 'info',
          'app.conf': 'db_password: REDACTED\nlevel: info',
        },
        binaryData: { 'api-key': 'UkVEQUNURUQ=', logo: 'iVBORw0KGgo=' },
      },
    ],
    [
      'a ConfigMap whose key promises a credential',
      'configmaps',
      { data: { 'credentials.ini': 'user = x\npassword = y', dsn: 'xyz', dsn2: 'p://a:bcd@e' } },
      {
        data: {
          'credentials.ini': 'user = x\npassword = ${REDACTED}',
          dsn: 'REDACTED',
          dsn2: 'p://a:REDACTED@e',
        },
      },
    ],
    [
      'a JSON Patch of a ConfigMap',
      'configmaps',
      [
        { op: 'add', path: '/data/password', value: 'x' },
        { op: 'add', path: '/data/level', value: 'info' },
      ],
      [
        { op: 'add', path: '/data/password', value: 'REDACTED' },
        { op: 'add', path: '/data/level', value: 'info' },
      ],
    ],
    [
      'variables and arguments of containers',
      'pods',
      {
        spec: {
          containers: [
            {
              name: 'web',
              image: 'web:1',
              command: ['redis-cli', '-a'],
              args: ['x1', '--password', 'y2', '--mode', 'fast'],
              env: [
                { value: 'hunter2', name: 'DB_PASSWORD' },
                { name: 'MODE', value: 'fast' },
                { name: 'KEY', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
              ],
            },
          ],
        },
      },
      {
        spec: {
          containers: [
            {
              name: 'web',
              image: 'web:1',
              command: ['redis-cli', '-a'],
              args: ['REDACTED', '--password', 'REDACTED', '--mode', 'fast'],
              env: [
                { value: 'REDACTED', name: 'DB_PASSWORD' },
                { name: 'MODE', value: 'fast' },
                { name: 'KEY', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
              ],
            },
          ],
        },
      },
    ],
    [
      'fields with the name of a credential, and none that only name one',
      'widgets',
      { spec: { apiKey: 'x', tokens: ['a', 'b'], secretName: 'db', tokenTTL: '1h', maxTokens: 5 } },
      {
        spec: {
          apiKey: 'REDACTED',
          tokens: ['REDACTED', 'REDACTED'],
          secretName: 'db',
          tokenTTL: '1h',
          maxTokens: 5,
        },
      },
    ],
    [
      'the last applied configuration, in layers',
      'widgets',
      {
        metadata: {
          annotations: {
            a: JSON.stringify({ kind: 'Secret', data: { b: 'eA==' } }),
            c: JSON.stringify({ d: JSON.stringify([{ kind: 'Secret', data: { b: 'eA==' } }]) }),
          },
        },
      },
      {
        metadata: {
          annotations: {
            a: JSON.stringify({ kind: 'Secret', data: { b: 'UkVEQUNURUQ=' } }),
            c: JSON.stringify({
              d: JSON.stringify([{ kind: 'Secret', data: { b: 'UkVEQUNURUQ=' } }]),
            }),
          },
        },
      },
    ],
    [
      'a Secret in a string that is cut off',
      'widgets',
      { note: '{"kind":"Secret","data":{"a":"eA=' },
      { note: 'REDACTED' },
    ],
    [
      'an issued token',
      'serviceaccounts',
      { status: { token: 'a.b' } },
      { status: { token: 'REDACTED' } },
    ],
  ])('%s', (_, resource, body, wanted) => {
    expect(request(resource, body).object).toEqual(wanted)
  })

  test('a member that is there twice hides nothing', () => {
    const twice = eventLine().replace(
      '"user":',
      '"requestObject":{"kind":"Secret","data":{"a":"c2VjcmV0"},"kind":"Pod","data":{"b":"c2VjcmV0"}},"user":',
    )
    expect(redacted(twice).text).not.toContain('c2VjcmV0')
  })
})

describe('by repetition', () => {
  const holding = (value: string, fields: Record<string, unknown>): string =>
    eventLine({ ...fields, responseObject: { kind: 'Secret', data: { a: base64(value) } } })

  test('everywhere, where it can be no name', () => {
    const places = {
      user: { username: `bob ${strong}`, groups: [strong] },
      userAgent: `x/${strong}`,
      requestURI: `/x/${strong}?a=${strong}`,
      objectRef: { resource: 'pods', name: `p-${strong}` },
      annotations: { [`a/${strong}`]: strong, b: base64(strong) },
      requestObject: { spec: { image: `x/y:${strong}`, any: [[`z${strong}`]] } },
    }
    expect(redacted(holding(strong, places)).text).not.toContain(strong)
  })

  test.each(['hunter2!', 'two words', 'a"quote', 'öäü€', 'a&b=c'])('in texts: %s', (value) => {
    const text = `it was ${value}, or ${base64(value)}, or ${encodeURIComponent(value)}`
    const { text: result } = redacted(holding(value, { responseStatus: { message: text } }))
    expect((JSON.parse(result) as { responseStatus: unknown }).responseStatus).toEqual({
      message: 'it was REDACTED, or REDACTED, or REDACTED',
    })
  })

  test('an author cannot black out the own name, nor what guardrails read', () => {
    const names = {
      user: { username: 'mallory@example.com', groups: ['ops'] },
      verb: 'create',
      objectRef: { resource: 'pods', namespace: 'payments', name: 'miner' },
      annotations: { 'authorization.k8s.io/decision': 'allow' },
      requestObject: {
        spec: {
          hostPID: true,
          containers: [{ name: 'x', image: 'docker.io/attacker/xmrig:6.21' }],
          volumes: [{ hostPath: { path: '/var/run/docker.sock' } }],
        },
      },
    }
    const values = [
      'mallory@example.com',
      'create',
      'payments',
      'miner',
      'allow',
      'docker.io/attacker/xmrig:6.21',
      '/var/run/docker.sock',
      'ResponseComplete',
      'system:serviceaccount:shop:web',
    ]
    const data = Object.fromEntries(values.map((value, index) => [`k${index}`, base64(value)]))
    const event = eventLine({ ...names, responseObject: { kind: 'Secret', data } })
    expect(JSON.parse(redacted(event).text)).toMatchObject(names)
    const redactor = redactorFor(() => JSON.parse(event) as Record<string, unknown>)
    const message = 'mallory@example.com created pod miner in namespace payments'
    expect(redactor.text(message)).toBe(message)
    expect(redactor.identity(names.user)).toEqual(names.user)
  })

  test('of many values, too', () => {
    const values = Array.from({ length: 3000 }, (_, index) => `value-${index}-of-many`)
    const data = Object.fromEntries(values.map((value, index) => [`k${index}`, base64(value)]))
    const message = `${values[7]!} ${values[2999]!} value-3000-of-many`
    const event = eventLine({
      responseStatus: { message },
      responseObject: { kind: 'Secret', data },
    })
    expect(redacted(event).text).toContain('"message":"REDACTED REDACTED value-3000-of-many"')
  })
})

describe('everything else stays, byte for byte', () => {
  test('numbers, order, escapes, spaces', () => {
    const odd = String.raw`{ "kind":"Event", "b" : 1.50e+2,"a":-0, "\u0041":"\u003cx\/\t\ud83d\ude00", "b":[ ],"auditID":"ü"}`
    expect(redacted(odd)).toEqual({ text: odd, kinds: [] })
  })

  test('around and inside what is replaced', () => {
    const odd = String.raw`{"requestURI":"/\u0041?password=x%20y\u0026b=\u003c","responseStatus":{"message":"\u00fc\ud83d\ude00 token=abcdefgh\u0026 \/"}, "n":1E5}`
    expect(redacted(odd).text).toBe(
      String.raw`{"requestURI":"/\u0041?password=REDACTED\u0026b=\u003c","responseStatus":{"message":"\u00fc\ud83d\ude00 token=REDACTED\u0026 \/"}, "n":1E5}`,
    )
  })

  test('inside a JSON string inside a string', () => {
    const odd = String.raw`{"requestObject":{"metadata":{"annotations":{"a":"{ \"n\" : 1.0, \"\\u0041\":\"\\u003c\", \"apiKey\":\"x\u0026y\" }\n"}}}}`
    expect(redacted(odd).text).toBe(odd.replace(String.raw`x\u0026y`, 'REDACTED'))
  })

  test('events without secrets are untouched', () => {
    const lines = logLines(recording).map((line) => Buffer.from(line).toString())
    const changed = lines.filter((line) => redacted(line).text !== line)
    expect(changed.length).toBeLessThan(15)
    for (const line of changed) expect(line).toMatch(/Secret|credentials|creds|TokenRequest/)
  })

  test('any JSON keeps its form', () => {
    const event = fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.stringify({ kind: 'x', value }))
    fc.assert(
      fc.property(event, (json) => {
        const { text, kinds } = redacted(json)
        if (kinds.length === 0) expect(text).toBe(json)
        else expect(() => JSON.parse(text) as unknown).not.toThrow()
      }),
      { numRuns: 2000 },
    )
  })
})

test('a second time changes nothing', () => {
  for (const line of logLines(recording)) {
    const once = redacted(Buffer.from(line).toString()).text
    expect(redacted(once)).toEqual({ text: once, kinds: [] })
  }
})

test('names of members are no place for credentials, and stay different', () => {
  const keys = ['A', 'B'].map((letter) => `AKIA${letter.repeat(16)}`)
  const { text } = redacted(eventLine({ annotations: { [keys[0]!]: 'a', [keys[1]!]: 'b' } }))
  expect(JSON.parse(text)).toMatchObject({
    annotations: { AKIAREDACTEDREDACTED: 'a', AKIAREDACTEDREDACTED_2: 'b' },
  })
})

test('a printed event becomes one line', () => {
  const event = JSON.parse(eventLine({ note: 'a\n "b" \\ c' })) as unknown
  const printed = JSON.stringify(event, undefined, '\t').replaceAll('\n', '\r\n')
  expect(Buffer.from(compact(Buffer.from(printed))).toString()).toBe(JSON.stringify(event))
})
