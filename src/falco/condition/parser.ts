/**
 * Reads a condition. The grammar, by precedence: `or` of `and` of `not` of a check, a macro's name
 * or an expression in parentheses. Parentheses are kept on a stack of our own, so depth costs memory
 * only; trees deeper than `CONDITION_DEPTH_MAX` are refused, because whoever walks them recurses.
 */
import { CONDITION_DEPTH_MAX } from '../../text/limits.ts'
import type { Expr } from './ast.ts'
import { parseCheck } from './check.ts'
import { ConditionError } from './error.ts'
import { Lexer } from './lexer.ts'

/** One level of parentheses. */
interface Level {
  /** What the parenthesis that this level opened last belongs to. */
  opened: 'not' | 'and' | 'or'
  readonly ors: Sized[]
  ands: Sized[]
  readonly orAt: number
  andAt: number
  notAt: number
  negated: boolean
}

/** A finished part, and how deep it is. */
interface Sized {
  readonly expr: Expr
  readonly depth: number
}

/**
 * @param text a condition with its lists substituted.
 * @throws ConditionError
 */
export function parseCondition(text: string): Expr {
  const lexer = new Lexer(text)
  if (text === '') throw new ConditionError('expected a condition, but found nothing', 0)
  const { expr } = new ConditionParser(lexer).parse()
  if (!lexer.atEnd()) {
    throw new ConditionError(
      `expected \`and\`, \`or\` or the end after \`${lexer.last}\``,
      lexer.position,
      hint(text, lexer.position),
    )
  }
  return expr
}

function hint(text: string, at: number): string | undefined {
  const rest = text.slice(at, at + 3)
  if (/^(?:AND|OR|NOT)/i.test(rest)) return 'write `and`, `or` and `not` in lower case'
  if (rest.startsWith('&&') || rest.startsWith('||')) return 'write `and` and `or` as words'
  if (rest.startsWith('#'))
    return 'a condition has no comments; write them on YAML lines of their own'
  if (/^[(,='"]/.test(rest))
    return 'quote values that hold blanks, commas, parentheses, quotes or `=`'
  if (rest.startsWith(')')) return 'remove the parenthesis, or open one before'
  return undefined
}

/** What may come next: an operand, or a word that continues an `and` or an `or` chain. */
type Next = 'operand' | 'and' | 'or'

class ConditionParser {
  readonly #lexer: Lexer
  readonly #outer: Level[] = []
  #level: Level

  constructor(lexer: Lexer) {
    this.#lexer = lexer
    this.#level = this.#newLevel()
  }

  parse(): Sized {
    let next: Next | Sized = 'operand'
    for (;;) {
      if (next === 'operand') next = this.#operand()
      else if (next === 'and') next = this.#andOrLess()
      else if (next === 'or') next = this.#orOrLess()
      else return next
    }
  }

  /** `not`s and what they negate: a leaf, or a parenthesis that opens a level. */
  #operand(): Next {
    const lexer = this.#lexer
    const level = this.#level
    lexer.blank()
    level.notAt = lexer.position
    level.negated = false
    while (lexer.notBlank()) level.negated = !level.negated
    if (lexer.literal('not(')) {
      level.negated = !level.negated
      return this.#open('not')
    }
    lexer.blank()
    if (lexer.literal('(')) return this.#open('not')
    level.ands.push(this.#negate({ expr: parseCheck(lexer), depth: 1 }))
    return 'and'
  }

  #andOrLess(): Next {
    const level = this.#level
    this.#lexer.blank()
    if (this.#lexer.literal('and')) return this.#afterWord('and')
    level.ors.push(this.#combine('and', level.ands, level.andAt))
    level.ands = []
    return 'or'
  }

  /** Behind `or(…)` Falco comes here directly, so `a or(b) and c` is over at `and`. */
  #orOrLess(): Next | Sized {
    this.#lexer.blank()
    if (this.#lexer.literal('or')) return this.#afterWord('or')
    const part = this.#combine('or', this.#level.ors, this.#level.orAt)
    const outer = this.#outer.pop()
    if (!outer) return part
    if (!this.#lexer.literal(')')) throw this.#error('expected `)`')
    this.#level = outer
    if (outer.opened === 'or') {
      outer.ors.push(part)
      return 'or'
    }
    outer.ands.push(outer.opened === 'not' ? this.#negate(part) : part)
    return 'and'
  }

  #afterWord(word: 'and' | 'or'): Next {
    const blank = this.#lexer.blank()
    if (word === 'or') this.#level.andAt = this.#lexer.position
    if (blank) return 'operand'
    if (this.#lexer.literal('(')) return this.#open(word)
    throw this.#error(`expected a blank or \`(\` after \`${word}\``)
  }

  #newLevel(): Level {
    const at = this.#lexer.position
    this.#lexer.blank()
    return { opened: 'not', ors: [], ands: [], orAt: at, andAt: at, notAt: at, negated: false }
  }

  #open(opened: Level['opened']): Next {
    this.#lexer.blank()
    this.#level.opened = opened
    this.#outer.push(this.#level)
    this.#level = this.#newLevel()
    return 'operand'
  }

  #negate(part: Sized): Sized {
    const { negated, notAt } = this.#level
    if (!negated) return part
    const expr: Expr = { kind: 'not', child: part.expr, at: notAt, end: this.#lexer.position }
    return this.#deeper(expr, part.depth)
  }

  #combine(kind: 'and' | 'or', parts: readonly Sized[], at: number): Sized {
    if (parts.length === 1) return parts[0]!
    const children = parts.map((part) => part.expr)
    const depth = parts.reduce((most, part) => Math.max(most, part.depth), 0)
    return this.#deeper({ kind, children, at, end: this.#lexer.position }, depth)
  }

  #deeper(expr: Expr, depth: number): Sized {
    if (depth < CONDITION_DEPTH_MAX) return { expr, depth: depth + 1 }
    throw new ConditionError(
      `expected at most ${CONDITION_DEPTH_MAX} levels of nesting`,
      expr.at,
      'name parts of the condition with macros',
    )
  }

  #error(message: string): ConditionError {
    const { text, position } = this.#lexer
    return new ConditionError(message, position, hint(text, position))
  }
}
