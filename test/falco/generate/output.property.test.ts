import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { printOperand } from '../../../src/falco/condition/print.ts'
import { FieldSlots } from '../../../src/falco/eval/store.ts'
import { field, transform } from '../../../src/falco/generate/expr.ts'
import { outputText, type Piece, textPiece } from '../../../src/falco/generate/piece.ts'
import { compileTemplate } from '../../../src/falco/output/template.ts'

const fields = [
  field('ka.verb'),
  field('ka.user.name'),
  field('ka.target.name'),
  field('ka.req.container.image'),
  field('ka.req.pod.containers.image'),
  field('ka.uri.param', 'x'),
  field('jevt.value', '/sourceIPs'),
  transform('tolower', field('ka.target.resource')),
]

const signs = fc.constantFrom(
  ...Array.from('%[](){}.:,*"\' \n\\0sx'),
  'space',
  'repository',
  '.repository',
)
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(signs, { maxLength: 6 }).map((all) => all.join('')),
  )
  .map(textPiece)
const piece: fc.Arbitrary<Piece> = fc.oneof(
  text,
  fc.constantFrom(...fields).map((one): Piece => ({ kind: 'field', field: one })),
  fc.constant<Piece>({ kind: 'gap' }),
)

test('whatever stands around them, fields are read as they were meant, and nothing else is', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const template = `One: ${outputText(pieces)} (x=%ka.stage)`
      const { parts } = compileTemplate(template, new FieldSlots())
      const read = parts.flatMap((part) => (part.kind === 'field' ? [printOperand(part.expr)] : []))
      const meant = pieces.flatMap((one) => (one.kind === 'field' ? [printOperand(one.field)] : []))
      expect(read).toEqual([...meant, 'ka.stage'])
      expect(template).not.toMatch(/\n|\p{Cc}|[\ue000\ue001]/u)
    }),
    { numRuns: 1000 },
  )
})
