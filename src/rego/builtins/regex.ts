import { REGEX_PATTERNS_KEPT } from '../../text/limits.ts'
import { RegexError, compileRegex } from '../../text/regex.ts'
import type { Regex, RegexMatch } from '../../text/regex.ts'
import { BuiltinError, ELSEWHERE, int64Operand, stringOperand } from './builtin.ts'
import type { Builtins } from './builtin.ts'
import { expand } from './go/expand.ts'

export const regexes: Builtins = {
  'regex.find_n': (operands) => {
    const text = stringOperand(operands, 1)
    const count = int64Operand(operands, 2)
    const regex = compiled(stringOperand(operands, 0))
    return regex === ELSEWHERE ? ELSEWHERE : find(text, regex, count)
  },
  'regex.replace': (operands) => {
    const text = stringOperand(operands, 0)
    const template = stringOperand(operands, 2)
    const regex = compiled(stringOperand(operands, 1))
    return regex === ELSEWHERE ? ELSEWHERE : replace(text, regex, template)
  },
  'regex.split': (operands) => {
    const pattern = stringOperand(operands, 0)
    const text = stringOperand(operands, 1)
    const regex = compiled(pattern)
    return regex === ELSEWHERE ? ELSEWHERE : split(text, pattern, regex)
  },
}

/** A policy has few patterns; one out of an event would be new each time. */
const cache = new Map<string, Regex>()

function compiled(pattern: string): Regex | typeof ELSEWHERE {
  const known = cache.get(pattern)
  if (known) return known
  let regex: Regex
  try {
    regex = compileRegex(pattern)
  } catch (error) {
    if (!(error instanceof RegexError)) throw error
    if (error.isDuplicateName) return ELSEWHERE
    throw new BuiltinError(error.message, { cause: error })
  }
  if (cache.size >= REGEX_PATTERNS_KEPT) cache.delete(cache.keys().next().value!)
  cache.set(pattern, regex)
  return regex
}

/** A negative count is no limit. */
function find(text: string, regex: Regex, count: bigint): string[] {
  const limit = count < 0n ? Infinity : Number(count)
  return regex.matches(text, limit).map(([start, end]) => text.slice(start, end))
}

function replace(text: string, regex: Regex, template: string): string {
  let replaced = ''
  let from = 0
  for (const match of regex.matches(text)) {
    replaced += text.slice(from, match[0]) + expand(template, text, match, regex.groupNames)
    from = match[1]!
  }
  return replaced + text.slice(from)
}

/** The texts between matches. A match of nothing at the very beginning splits nothing off. */
function split(text: string, pattern: string, regex: Regex): string[] {
  if (text === '' && pattern !== '') return ['']
  const parts: string[] = []
  let from = 0
  let end = 0
  for (const match of regex.matches(text) as (RegexMatch & [number, number])[]) {
    end = match[0]
    if (match[1] !== 0) parts.push(text.slice(from, end))
    from = match[1]
  }
  if (end !== text.length) parts.push(text.slice(from))
  return parts
}
