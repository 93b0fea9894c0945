import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admit } from '../../src/engine/admission.ts'
import { pathsRead } from '../../src/residual/reads.ts'
import { Policy } from '../../src/rego/policy.ts'
import { compilePack, type Pack } from '../support/pack.ts'
import { mergePatch, partsOf, pointer, type Subject, subjects } from './patches.ts'

let pack: Pack
let policy: Policy
const found = new Set<string>()

beforeAll(async () => {
  pack = await compilePack()
  policy = await Policy.load(pack.compiled.wasm, { data: pack.data })
})
afterAll(() => pack.toolchain.close())

/** The guardrails that a patch violates. */
function violated({ objectRef }: Subject, requestObject: unknown): string[] {
  const line = Buffer.from(
    JSON.stringify({
      kind: 'Event',
      stage: 'ResponseComplete',
      verb: 'patch',
      user: { username: 'admin@example.com' },
      objectRef: { ...objectRef, namespace: 'shop', name: 'web' },
      requestObject,
      responseStatus: { code: 200 },
    }),
  )
  const event = admit(line, 0, line.length, () => {})!
  const union = policy.entrypoint('guardrails/violations')
  const ids = ((policy.decide(union, event) ?? []) as { id: string }[]).map(({ id }) => id)
  for (const id of ids) found.add(id)
  return [...new Set(ids)].sort()
}

const named = subjects.map((subject) => ({
  name: Object.values(subject.objectRef).join('/'),
  subject,
}))

describe('a JSON patch is judged as the merge patch that brings the same along', () => {
  test.each(named)('$name', ({ subject }) => {
    for (const part of partsOf(subject.object)) {
      const wanted = violated(subject, mergePatch(part, subject.object))
      // The API server takes all of these for the index of an element.
      for (const index of [String, () => '-', () => '-1', (i: number) => `0${i}`]) {
        for (const op of ['add', 'replace']) {
          const path = pointer(part, index)
          const said = violated(subject, [
            { op: 'test', path: '/x' },
            { op, path, value: part.value },
          ])
          expect({ path, violated: said }).toEqual({ path, violated: wanted })
        }
      }
    }
  })

  test('for every guardrail that looks at what is written', () => {
    const readers = pack.compiled.residuals.flatMap(({ residual }, i) =>
      pathsRead(residual).some(({ steps }) => steps[0] === 'requestObject')
        ? [pack.compiled.guardrails[i]!.id]
        : [],
    )
    // These two look at what is created, and nothing else.
    const others = ['certificate-requested', 'token-long-lived']
    expect(readers.filter((id) => !found.has(id))).toEqual(others)
  })
})
