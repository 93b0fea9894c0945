import { loadPolicy } from '@open-policy-agent/opa-wasm'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { provedEvent } from '../../src/audit/prove.ts'
import { MATCH_KEYS, matchTextsOf } from '../../src/engine/exception.ts'
import { Exceptions } from '../../src/engine/exceptions.ts'
import type { JsonObject } from '../../src/text/json.ts'
import { Policy } from '../../src/rego/policy.ts'
import { compileGuardrails } from '../../src/toolchain/guardrails.ts'
import { hasToolchain, openToolchain } from '../toolchain/support.ts'

/** A guardrail that finds two things in every event. */
function guardrail(id: string): { file: string; text: string } {
  return {
    file: `${id}.rego`,
    text: `# METADATA
# title: ${id}
# scope: package
# custom:
#   id: ${id}
#   priority: Notice
package guardrails.test.${id}

violation contains {"id": "${id}", "priority": "Notice", "message": "one"}

violation contains {"id": "${id}", "priority": "Notice", "message": "two"}
`,
  }
}

const word = fc.constantFrom('a', 'b', 'ab', 'a*', 'a**', '*', '', 'pods', 'system:x', 'é')
const odd = fc.constantFrom<unknown>(null, 3, true, [], ['a'], {}, { username: 'a' })
const some = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: odd })
const fields = (
  shape: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Record<string, unknown>> => fc.record(shape, { requiredKeys: [] })

const time = fc.constantFrom(
  '2026-12-30T23:59:59.999999Z',
  '2026-12-31T00:00:00Z',
  '2026-12-31T00:00:00.000000Z',
  '2026-12-31T08:00:00.5Z',
  '2026-12-31T07:59:59.9Z',
  '2026-12-31T08:00:00+00:00',
  '2026-12-31',
  '0',
)
const until = fc.constantFrom(
  '2026-12-31',
  '2026-12-31T08:00:00Z',
  '2027-01-01',
  '2026-12-31T08:00:00.000Z',
  '2027',
  'never',
)

const event = fields({
  user: some(fields({ username: some(word) })),
  impersonatedUser: some(fields({ username: some(word) })),
  verb: some(word),
  requestURI: some(word),
  objectRef: some(
    fields({
      resource: some(word),
      apiGroup: some(word),
      subresource: some(word),
      namespace: some(word),
      name: some(word),
    }),
  ),
  requestReceivedTimestamp: some(time),
})

const resource = fc
  .tuple(word, fc.constantFrom('', '.a', '.b'), fc.constantFrom('', '/a', '/b', '*'))
  .map((parts) => parts.join(''))
const pattern = fc.oneof(
  word,
  word.map((text) => `${text}*`),
  fc.constant(null),
  odd,
)
const match = fc.dictionary(fc.constantFrom(...MATCH_KEYS, 'usr'), fc.oneof(pattern, resource), {
  maxKeys: 2,
})
const exception = fields({
  guardrail: some(fc.constantFrom('x', 'y', 'z')),
  until: some(until),
  reason: fc.constant('because'),
  match: some(match),
})
const exceptions = some(fc.dictionary(fc.constantFrom('e1', 'e2', 'e3'), some(exception)))

/** An exception that the event meets, or just does not. */
const near = fc.tuple(event, time).chain(([fieldsOfEvent, at]) => {
  const it: JsonObject = { ...fieldsOfEvent, requestReceivedTimestamp: at }
  const own = Object.entries(matchTextsOf(it))
  return fc
    .tuple(
      fc.subarray(own),
      fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { arbitrary: match, weight: 1 }),
      until,
    )
    .map(([chosen, more, end]): [unknown, unknown] => [
      it,
      { e1: { guardrail: 'x', until: end, match: { ...Object.fromEntries(chosen), ...more } } },
    ])
})

interface Violation {
  readonly id: string
  readonly message: string
}
interface Excepted {
  readonly violation: Violation
  readonly exception: string
}

const violationsOf = (set: unknown): string[] =>
  ((set ?? []) as Violation[]).map(({ id, message }) => `${id} ${message}`).sort()
const exceptedOf = (set: unknown): string[] =>
  ((set ?? []) as Excepted[])
    .map(({ exception: name, violation: { id, message } }) => `${id} ${message} ${name}`)
    .sort()

describe.skipIf(!hasToolchain)('exceptions', () => {
  const toolchain = openToolchain()

  test('mean the same in WASM, the stock SDK, OPA’s own evaluator and the engine', async () => {
    const { policy, wasm } = await compileGuardrails(toolchain, {
      modules: [guardrail('x'), guardrail('y')],
    })
    const ours = await Policy.load(wasm, { strict: true })
    const stock = await loadPolicy(wasm)
    const [violations, excepted, portable] = ['violations', 'excepted', 'portable'].map((name) =>
      ours.entrypoint(`guardrails/${name}`),
    ) as [number, number, number]
    const query = `[data.guardrails.violations, data.guardrails.excepted]
      with input as input.event with data.org.exceptions as input.exceptions`
    const opa = await toolchain.prepare(policy, query, { strictBuiltinErrors: true })
    let covered = 0
    const cases = fc.oneof(fc.tuple(event, exceptions), near)
    await fc.assert(
      fc.asyncProperty(fc.array(cases, { minLength: 40, maxLength: 40 }), async (pairs) => {
        const inputs = pairs.map(([input, named]) =>
          Buffer.from(JSON.stringify({ event: input, exceptions: named })),
        )
        const answers = await opa.evaluate(inputs)
        for (const [i, [input, named]] of pairs.entries()) {
          const data = { org: { exceptions: named } }
          const bytes = Buffer.from(JSON.stringify(input))
          ours.setData(data)
          const proved = provedEvent(bytes, 0, bytes.length)
          const [left, out] = answers[i]!.value as [Violation[], Excepted[]]
          expect(violationsOf(ours.decide(violations, proved))).toEqual(violationsOf(left))
          expect(violationsOf(ours.decide(portable, proved))).toEqual(violationsOf(left))
          expect(exceptedOf(ours.decide(excepted, proved))).toEqual(exceptedOf(out))
          stock.setData(data)
          const [decided] = stock.evaluate(input, 'guardrails/portable') as { result: unknown }[]
          expect(violationsOf(decided?.result)).toEqual(violationsOf(left))
          const native = new Exceptions(data)
          const names = ['x', 'y'].map((id) => native.covering(id, input as JsonObject)?.name)
          expect(names).toEqual(
            ['x', 'y'].map((id) => {
              const covering = out.filter(({ violation }) => violation.id === id)
              return covering.map(({ exception: name }) => name).sort()[0]
            }),
          )
          if (names.some((name) => name !== undefined)) covered++
        }
      }),
      { numRuns: 8 },
    )
    expect(covered).toBeGreaterThan(12)
    await opa.close()
  })
})
