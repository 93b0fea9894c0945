import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holds } from '../../src/residual/holds.ts'
import { hasOpaque } from '../../src/residual/opaque.ts'
import type { Json, Residual } from '../../src/residual/residual.ts'
import { sizeOfResidual } from '../../src/residual/size.ts'
import { assumeTypes, schemaTypes, shorten } from '../../src/residual/typed.ts'
import { residualText } from '../../src/residual/text.ts'
import { matcher } from './matcher.ts'
import { residual, subject } from './residuals.ts'

const exact = (one: Residual): boolean => !one.flat().some(hasOpaque)

describe('a residual said shorter', () => {
  test('holds where the longer one does', () => {
    const property = fc.property(
      residual(),
      fc.array(subject, { minLength: 20, maxLength: 20 }),
      (long, events) => {
        const short = shorten(long)
        for (const event of events) {
          const [before, after] = [holds(long, event, matcher), holds(short, event, matcher)]
          // What is not understood may be dropped where it decides nothing, and never decides more.
          if (after !== before) expect([before, after]).toEqual(['maybe', expect.anything()])
          if (exact(long)) expect(after).toBe(before)
        }
      },
    )
    expect(() => fc.assert(property, { numRuns: 1500 })).not.toThrow()
  })

  test('and is no longer', () => {
    const property = fc.property(residual(), (long) => {
      const [before, after] = [sizeOfResidual(long), sizeOfResidual(shorten(long))]
      expect(after.literals).toBeLessThanOrEqual(before.literals)
    })
    expect(() => fc.assert(property, { numRuns: 1500 })).not.toThrow()
  })

  test('may hold wherever the longer one does under some meaning of what is not understood', () => {
    const property = fc.property(
      residual(),
      fc.array(subject, { minLength: 10, maxLength: 10 }),
      (long, events) => {
        const short = shorten(long)
        for (const meaning of MEANINGS) {
          for (const event of events) {
            const truth = holds(meant(long, meaning), event, matcher)
            const said = holds(short, event, matcher)
            if (said !== 'maybe') expect(said).toBe(truth)
          }
        }
      },
    )
    expect(() => fc.assert(property, { numRuns: 1500 })).not.toThrow()
  })
})

type Meaning = Readonly<Record<string, boolean>>

/** What the two texts of generated opaque literals may stand for. */
const MEANINGS: readonly Meaning[] = [
  { one: true, another: true },
  { one: true, another: false },
  { one: false, another: true },
  { one: false, another: false },
]

/** Every opaque literal replaced by what it stands for. */
function meant(one: Residual, meaning: Meaning): Residual {
  return one.flatMap((conjunction) => {
    const literals = conjunction.map((literal) => {
      if (literal.kind === 'opaque') return meaning[literal.text]!
      if (literal.kind === 'some') return { ...literal, where: meant(literal.where, meaning) }
      if (literal.kind === 'atom') return literal
      return { ...literal, residual: meant(literal.residual, meaning) }
    })
    return literals.includes(false)
      ? []
      : [literals.filter((literal) => typeof literal !== 'boolean')]
  })
}

describe('events of the types that a schema gives', () => {
  const schema = {
    properties: {
      a: { type: 'string' },
      b: { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
    },
  }
  const text = fc.constantFrom('a', 'b', 'ab', '')
  const fitting = fc.record(
    { a: text, b: fc.array(fc.record({ a: text }, { requiredKeys: [] }), { maxLength: 2 }) },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Json>

  test('keep their meaning without alternatives for other types', () => {
    const property = fc.property(
      residual(),
      fc.array(fitting, { minLength: 15, maxLength: 15 }),
      (long, events) => {
        const short = assumeTypes(long, schemaTypes(schema))
        for (const event of events) {
          const before = holds(long, event, matcher)
          if (before !== 'maybe') expect(holds(short, event, matcher)).toBe(before)
        }
      },
    )
    expect(() => fc.assert(property, { numRuns: 1500 })).not.toThrow()
  })

  test('have none of them left', () => {
    const path = { from: 'event', steps: ['a'] } as const
    const type = { kind: 'atom', path, operator: 'type', type: 'string' } as const
    const long: Residual = [
      [type, { kind: 'atom', path, operator: 'equal', operand: { constant: 'x' } }],
      [
        { kind: 'not', residual: [[type]] },
        { kind: 'opaque', reads: [path], text: 'odd' },
      ],
    ]
    expect(residualText(assumeTypes(long, schemaTypes(schema)))).toBe(
      'input.a == "x"\nor\nnot input.a is there\nopaque (input.a): odd',
    )
  })
})
