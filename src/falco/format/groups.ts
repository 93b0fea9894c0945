/** A condition with its parentheses, which the parser's tree does not keep. */
import type { CheckExpr, Expr, IdentifierExpr } from '../condition/ast.ts'
import { type Leaf, leafOf } from './leaf.ts'

/** Alternatives, each of parts that must all hold. */
export interface Group {
  readonly alternatives: readonly (readonly Part[])[]
}

export interface Part {
  /** How many `not` stand before it. */
  readonly nots: number
  /** A comparison or macro, or what stands in parentheses. */
  readonly of: Leaf | Group
}

export function isGroup(of: Leaf | Group): of is Group {
  return 'alternatives' in of
}

/** Deeper conditions are left as they are. */
const DEPTH_MAX = 100

/**
 * Reads the parentheses and words between the leaves of a parsed condition.
 *
 * @returns undefined where they are nested too deeply.
 */
export function groupsOf(expr: Expr, text: string): Group | undefined {
  const tokens = tokensOf(expr, text)
  let at = 0
  const group = (depth: number): Group | undefined => {
    if (depth > DEPTH_MAX) return undefined
    const alternatives: Part[][] = [[]]
    for (;;) {
      const part = operand(depth)
      if (!part) return undefined
      alternatives.at(-1)!.push(part)
      const next = tokens[at]
      if (next !== 'and' && next !== 'or') return { alternatives }
      at++
      if (next === 'or') alternatives.push([])
    }
  }
  const operand = (depth: number): Part | undefined => {
    let nots = 0
    while (tokens[at] === 'not') {
      nots++
      at++
    }
    const token = tokens[at++]
    if (typeof token === 'object') return { nots, of: token }
    if (token !== '(') return undefined
    const inner = group(depth + 1)
    return inner && tokens[at++] === ')' ? { nots, of: inner } : undefined
  }
  const whole = group(0)
  return at === tokens.length ? whole : undefined
}

type Token = Leaf | '(' | ')' | 'and' | 'or' | 'not'

function tokensOf(expr: Expr, text: string): Token[] {
  const tokens: Token[] = []
  let from = 0
  const between = (to: number): void => {
    for (const [word] of text.slice(from, to).matchAll(/[()]|and|or|not/g)) {
      tokens.push(word as Token)
    }
  }
  for (const leaf of leavesOf(expr)) {
    between(leaf.at)
    tokens.push(leafOf(leaf, text))
    from = leaf.end
  }
  between(text.length)
  return tokens
}

/** In order of the text. */
function leavesOf(expr: Expr): (CheckExpr | IdentifierExpr)[] {
  if (expr.kind === 'check' || expr.kind === 'identifier') return [expr]
  return expr.kind === 'not' ? leavesOf(expr.child) : expr.children.flatMap(leavesOf)
}
