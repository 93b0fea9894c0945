import { RegexError, compileRegex } from '../../text/regex.ts'
import type { Regex, RegexMatch } from '../../text/regex.ts'
import { BuiltinError, int64Operand, stringOperand } from './builtin.ts'
import type { Builtins } from './builtin.ts'
import { expand } from './go/expand.ts'

/** Compiled patterns that are kept. A policy has few; a pattern out of an event would be new each time. */
const CACHE_SIZE_MAX = 100

export const regexes: Builtins = {
  'regex.find_n': (operands) => {
    const text = stringOperand(operands, 1)
    const count = int64Operand(operands, 2)
    const limit = count < 0n ? Infinity : Number(count)
    const matches = compiled(stringOperand(operands, 0)).matches(text, limit)
    return matches.map(([start, end]) => text.slice(start, end))
  },
  'regex.replace': (operands) => {
    const regex = compiled(stringOperand(operands, 1))
    return replace(stringOperand(operands, 0), regex, stringOperand(operands, 2))
  },
  'regex.split': (operands) => {
    const pattern = stringOperand(operands, 0)
    return split(stringOperand(operands, 1), pattern, compiled(pattern))
  },
}

const cache = new Map<string, Regex>()

function compiled(pattern: string): Regex {
  const known = cache.get(pattern)
  if (known) return known
  let regex: Regex
  try {
    regex = compileRegex(pattern)
  } catch (error) {
    if (error instanceof RegexError) throw new BuiltinError(error.message, { cause: error })
    throw error
  }
  if (cache.size >= CACHE_SIZE_MAX) cache.delete(cache.keys().next().value!)
  cache.set(pattern, regex)
  return regex
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
