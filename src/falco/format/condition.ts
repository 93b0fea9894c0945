import type { Expr } from '../condition/ast.ts'
import { ConditionError } from '../condition/error.ts'
import { parseCondition } from '../condition/parser.ts'
import { type Group, groupsOf } from './groups.ts'

/** What a condition that is to be appended is put behind, so that it can be read. */
const BEFORE = 'a.b exists '

/** A condition read for formatting. */
export interface ReadCondition {
  readonly group: Group
  /** `and` or `or`, for a text that is appended to another condition. */
  readonly leading: string
}

/** Undefined for what is no condition by itself, for example because a list stands for an operator. */
export function readCondition(text: string): ReadCondition | undefined {
  const whole = tryParse(text)
  if (whole) return withLeading(groupsOf(whole, text), '')
  const leading = /^[ \t\b\r\n]*(and|or)(?=[ \t\b\r\n(])/.exec(text)
  if (!leading || !tryParse(BEFORE + text)) return undefined
  const rest = text.slice(leading[0].length)
  const expr = tryParse(rest)
  return expr && withLeading(groupsOf(expr, rest), `${leading[1]!} `)
}

function withLeading(group: Group | undefined, leading: string): ReadCondition | undefined {
  return group && { group, leading }
}

/** A condition's tree without places, as text; undefined for what cannot be read. */
export function conditionTree(text: string): string | undefined {
  const expr = tryParse(text) ?? tryParse(BEFORE + text)
  return (
    expr &&
    JSON.stringify(expr, (key, value: unknown) =>
      key === 'at' || key === 'end' ? undefined : value,
    )
  )
}

function tryParse(text: string): Expr | undefined {
  try {
    return parseCondition(text)
  } catch (error) {
    if (error instanceof ConditionError) return undefined
    throw error
  }
}
