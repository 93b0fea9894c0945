/** One comparison as it is laid out: its own quotes and words, blanks made even. */
import type { CheckExpr, IdentifierExpr } from '../condition/ast.ts'
import { Lexer } from '../condition/lexer.ts'

/** A piece of a condition that is never broken, except between the items of a list. */
export interface Leaf {
  /** `ka.verb in`, or all of it. */
  readonly head: string
  /** The values of a list as they are written; undefined where there is none. */
  readonly items?: readonly string[]
}

export function leafOf(expr: CheckExpr | IdentifierExpr, text: string): Leaf {
  if (expr.kind === 'identifier') return { head: expr.name }
  const { left, operator, modifier, right } = expr
  const words = [text.slice(left.at, left.end).trim(), operator]
  if (modifier) words.push(modifier)
  if (right?.kind === 'values') {
    return { head: words.join(' '), items: itemsOf(text, right.at + 1, right.end) }
  }
  if (right) words.push(text.slice(right.at, right.end).trim())
  return { head: words.join(' ') }
}

export function leafText({ head, items }: Leaf): string {
  return items ? `${head} (${items.join(', ')})` : head
}

function itemsOf(text: string, start: number, end: number): string[] {
  const lexer = new Lexer(text.slice(0, end))
  lexer.position = start
  const items: string[] = []
  do {
    lexer.blank()
    const at = lexer.position
    if (lexer.quoted() === undefined && lexer.bareString() === undefined) break
    items.push(text.slice(at, lexer.position))
    lexer.blank()
  } while (lexer.literal(','))
  return items
}
