/** The literals on the right of a comparison with their places, which the tree does not keep. */
import type { CheckExpr } from '../condition/ast.ts'
import { Lexer } from '../condition/lexer.ts'
import type { SourcePlace, Traced } from '../rules/traced.ts'

export interface Literal {
  readonly text: string
  readonly quoted: boolean
  readonly place: SourcePlace | undefined
}

/** Empty for comparisons with fields, and for `exists`. */
export function literalsOf({ right }: CheckExpr, text: Traced): Literal[] {
  if (right?.kind === 'value') return literalsBetween(text, right.at, right.end)
  return right?.kind === 'values' ? literalsBetween(text, right.at + 1, right.end) : []
}

function literalsBetween(text: Traced, start: number, end: number): Literal[] {
  const lexer = new Lexer(text.text.slice(0, end))
  lexer.position = start
  const literals: Literal[] = []
  do {
    lexer.blank()
    const at = lexer.position
    const quoted = lexer.quoted()
    const value = quoted ?? lexer.bareString()
    if (value === undefined) break
    const place = text.place(at, lexer.position)
    literals.push({ text: value, quoted: quoted !== undefined, place })
    lexer.blank()
  } while (lexer.literal(','))
  return literals
}
