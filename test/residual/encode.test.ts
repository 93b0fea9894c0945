import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeResiduals } from '../../src/residual/decode.ts'
import { encodeResiduals } from '../../src/residual/encode.ts'
import type { GuardrailResidual } from '../../src/residual/residual.ts'
import { residual } from './residuals.ts'

const wasm = Buffer.from('a module')
const digest = createHash('sha256').update(wasm).digest('hex')

const guardrail: fc.Arbitrary<GuardrailResidual> = fc.record({
  entrypoint: fc.constantFrom('guardrails/a/b/violation', 'guardrails/a/c/violation'),
  residual: residual(),
  reads: fc.constantFrom(
    [],
    [{ from: 'event' as const, steps: ['user', 'username'] }],
    [{ from: 'event' as const, steps: [] }],
  ),
  pure: fc.boolean(),
})

const overJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('residuals in a manifest', () => {
  test('come out as they went in', () => {
    fc.assert(
      fc.property(fc.array(guardrail, { maxLength: 3 }), (guardrails) => {
        const encoded = overJson(encodeResiduals(guardrails, digest))
        expect(decodeResiduals(encoded, wasm)).toEqual(guardrails)
      }),
      { numRuns: 500 },
    )
  })

  test('stand there once, however often they are said', () => {
    const literal = {
      kind: 'atom',
      path: { from: 'event', steps: ['verb'] },
      operator: 'equal',
      operand: { constant: 'get' },
    } as const
    const one = { entrypoint: 'a', residual: [[literal]], reads: [literal.path], pure: true }
    const { paths, literals } = encodeResiduals([one, { ...one, entrypoint: 'b' }])
    expect([paths, literals]).toEqual([[['event', 'verb']], [['equal', 0, { constant: 'get' }]]])
  })

  test('do not carry where they were written', () => {
    const location = { file: 'a.rego', row: 1, column: 1 }
    const literal = { kind: 'opaque', reads: [], text: 'x', location } as const
    const one = { entrypoint: 'a', residual: [[literal]], reads: [], pure: true }
    expect(JSON.stringify(encodeResiduals([one]))).not.toContain('a.rego')
  })

  test.each([
    ['there are none', undefined],
    ['they are of a later version', { ...encodeResiduals([], digest), version: 2 }],
    ['they are about another module', encodeResiduals([], digest.replace(/^./, 'x'))],
    ['nobody said which module they are about', encodeResiduals([])],
  ])('count for nothing where %s', (_, encoded) => {
    expect(decodeResiduals(encoded, wasm)).toBeUndefined()
  })

  const sound = {
    version: 1,
    wasm: digest,
    paths: [['event', 'a'], ['element 1', 'b'], ['element 2']],
    literals: [['defined', 0]] as unknown[],
    guardrails: [{ entrypoint: 'g', residual: [[0]], reads: [0], pure: true }],
  }
  const nested = Array.from({ length: 120 }, (_, i) => ['not', [[i]]])
  const doubled = Array.from({ length: 40 }, (_, i) => ['any', [[i], [i]]])

  test.each<[string, unknown]>([
    ['no object', []],
    [
      'a literal that does not exist',
      { ...sound, guardrails: [{ ...sound.guardrails[0], residual: [[1]] }] },
    ],
    ['a path that does not exist', { ...sound, literals: [['defined', 9]] }],
    ['a literal that refers to itself', { ...sound, literals: [['not', [[0]]]] }],
    [
      'a literal that refers to a later one',
      {
        ...sound,
        literals: [
          ['not', [[1]]],
          ['defined', 0],
        ],
      },
    ],
    [
      'an operator that does not exist',
      { ...sound, literals: [['resembles', 0, { constant: 1 }]] },
    ],
    ['an operand that is none', { ...sound, literals: [['equal', 0, 1]] }],
    ['a type that does not exist', { ...sound, literals: [['type', 0, 'set']] }],
    ['an element of nothing', { ...sound, literals: [['defined', 1]] }],
    [
      'an element of more than there is',
      {
        ...sound,
        literals: [
          ['defined', 2],
          ['some', 0, [[0]]],
        ],
        guardrails: [{ ...sound.guardrails[0], residual: [[1]] }],
      },
    ],
    ['a step that is none', { ...sound, paths: [['event', null]] }],
    ['a beginning that is none', { ...sound, paths: [['somewhere', 'a']] }],
    [
      'an element as a path that is read',
      { ...sound, guardrails: [{ ...sound.guardrails[0], reads: [1] }] },
    ],
    ['no entrypoint', { ...sound, guardrails: [{ ...sound.guardrails[0], entrypoint: 1 }] }],
    ['too deep a nesting', { ...sound, literals: [['defined', 0], ...nested] }],
    ['more than would ever end', { ...sound, literals: [['defined', 0], ...doubled] }],
  ])('are refused with %s', (_, encoded) => {
    expect(() => decodeResiduals(overJson(encoded), wasm)).toThrow(
      expect.objectContaining({ code: 'RESIDUALS_INVALID' }),
    )
  })

  test('are accepted without such', () => {
    expect(decodeResiduals(sound, wasm)).toHaveLength(1)
  })
})
