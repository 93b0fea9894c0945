import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { provedEvent } from '../../src/audit/prove.ts'
import { matchOf } from '../../src/engine/exception-file.ts'
import { matchTextsOf } from '../../src/engine/exception.ts'
import { Exceptions } from '../../src/engine/exceptions.ts'
import { exceptionRules, loadRules, Ruleset } from '../../src/falco/index.ts'

const RULES = `- rule: Any request
  desc: d
  condition: ka.verb exists
  output: o
  priority: NOTICE
  source: k8s_audit
  tags: [parapet_any]
- list: pods
  items: [secrets]
`
const rules = { file: 'rules.yaml', text: RULES }
const tagged = [{ name: 'Any request', tags: new Set(['parapet_any']) }]

function exceptionOf(
  match: Readonly<Record<string, unknown>>,
  name = 'e',
): {
  readonly name: string
  readonly guardrail: string
  readonly until: string
  readonly reason: string
  readonly match: Readonly<Record<string, unknown>>
} {
  return { name, guardrail: 'any', until: '2027-01-01', reason: 'r', match }
}

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined })
const objectRef = fc.record({
  resource: fc.constantFrom('pods', 'secrets', 'deployments'),
  namespace: optional(fc.constantFrom('shop', 'bank', 'o\'hara "x"')),
  name: optional(fc.constantFrom('web-7d9f8b6c5-x2kqz', 'web-7d9f8b6c5-zzzzz', 'web', 'a b')),
  uid: optional(fc.constant('u')),
  apiGroup: optional(fc.constantFrom('apps', 'batch')),
  apiVersion: optional(fc.constant('v1')),
  subresource: optional(fc.constantFrom('exec', 'scale')),
})
const event = fc
  .record({
    username: fc.constantFrom('alice', 'bob', 'a b', 'pods', "it's", '"quoted"', 'back\\slash'),
    verb: fc.constantFrom('get', 'create'),
    requestURI: fc.constantFrom('/metrics', '/api?limit=5', '/api?limit=6'),
    objectRef: optional(objectRef),
  })
  .map(({ username, ...fields }) => ({
    kind: 'Event',
    auditID: 'a',
    stageTimestamp: '2026-11-24T10:00:00.000000Z',
    requestReceivedTimestamp: '2026-11-24T10:00:00.000000Z',
    user: { username },
    ...fields,
  }))

describe('exceptions for Falco', () => {
  test('cover what the exceptions of guardrails cover', () => {
    let covered = 0
    const property = fc.property(
      event,
      fc.array(event, { minLength: 5, maxLength: 20 }),
      (one, more) => {
        const exception = exceptionOf(matchOf(matchTextsOf(JSON.parse(JSON.stringify(one)))))
        const { text, left } = exceptionRules([exception], tagged)
        expect(left).toEqual([])
        const { compilation, diagnostics } = loadRules([rules, { file: 'exceptions.yaml', text }])
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
        const ruleset = new Ruleset(compilation!)
        const native = new Exceptions({ org: { exceptions: { e: exception } } })
        for (const each of [one, ...more]) {
          const bytes = Buffer.from(JSON.stringify(each))
          const fires = ruleset.evaluate(provedEvent(bytes, 0, bytes.length)).length > 0
          const isCovered = native.covering('any', JSON.parse(bytes.toString())) !== undefined
          // A text with an escape in it is not looked into: Falco then covers less.
          const isEscaped = JSON.stringify(each.objectRef ?? {}).includes('\\')
          if (!isEscaped) expect({ each, fires }).toEqual({ each, fires: !isCovered })
          else if (!isCovered) expect(fires).toBe(true)
          if (isCovered) covered++
        }
      },
    )
    fc.assert(property, { numRuns: 300 })
    expect(covered).toBeGreaterThan(300)
  })

  test('leave out what Falco cannot say, and tell', () => {
    const exceptions = [
      exceptionOf({ user: null, verb: 'get' }, 'nobody'),
      exceptionOf({ user: 'a', resource: 'po*' }, 'wide'),
      exceptionOf({ user: 'a', resource: null }, 'other'),
      { ...exceptionOf({ user: 'a' }), guardrail: 'unknown' },
    ]
    const { text, left } = exceptionRules(exceptions, tagged)
    expect(left.map(({ exception, reason }) => `${exception.name}: ${reason}`)).toEqual([
      'nobody: Falco’s exceptions cannot say `user: null`',
      'wide: `resource: po*` is no one resource',
      'other: Falco’s exceptions cannot say `resource: null`',
      'e: no rule has the tag `parapet_unknown`',
    ])
    expect(loadRules([rules, { file: 'e.yaml', text }]).compilation).toBeDefined()
  })

  test('look like this', () => {
    const match = {
      user: 'alice',
      verb: 'create',
      resource: 'deployments.apps/scale',
      namespace: 'shop',
      name: 'web-*',
    }
    const { text } = exceptionRules([exceptionOf(match, 'scaling')], tagged)
    expect(text.slice(text.indexOf('\n\n') + 2)).toBe(`# until 2027-01-01: r
- rule: "Any request"
  exceptions:
    - name: scaling
      fields: [ka.user.name, ka.verb, ka.target.resource, "jevt.value[/objectRef/apiGroup]", ka.target.subresource, ka.target.namespace, ka.target.name]
      comps: [=, =, =, =, =, =, startswith]
      values:
        - - '"alice"'
          - '"create"'
          - '"deployments"'
          - '"apps"'
          - '"scale"'
          - '"shop"'
          - '"web-"'
  override:
    exceptions: append
`)
  })
})
