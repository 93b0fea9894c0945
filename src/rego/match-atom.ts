import type { Matcher } from '../residual/holds.ts'
import { compileRegex, type Regex, RegexError } from '../text/regex.ts'
import { contains, isIPv4, parseAddress, parseNetwork } from './builtins/go/ip.ts'

const patterns = new Map<string, Regex | undefined>()
/** Patterns are written in guardrails, so that there are few. */
const PATTERNS_MAX = 10_000

/**
 * Decides patterns and networks the way that OPA, in Go and in WASM, decides them; undefined where
 * the two could differ, or where the answer is not known here.
 */
export const matchAtom: Matcher = (atom, constant, value) => {
  if (typeof value !== 'string' || typeof constant !== 'string') return false
  if (atom.operator === 'regexMatch') return compiled(constant)?.test(value)
  if (atom.operator === 'globMatch') return isPlainGlob(constant) ? constant === value : undefined
  return atom.operator === 'cidrContains' ? isWithin(constant, value) : undefined
}

/** Nothing in the glob is special, whatever the delimiters are: only its own text matches it. */
export function isPlainGlob(glob: string): boolean {
  return /^[\w@.:/ -]+$/.test(glob)
}

function compiled(pattern: string): Regex | undefined {
  if (patterns.has(pattern)) return patterns.get(pattern)
  let regex: Regex | undefined
  try {
    regex = compileRegex(pattern)
  } catch (error) {
    if (!(error instanceof RegexError)) throw error
  }
  if (patterns.size < PATTERNS_MAX) patterns.set(pattern, regex)
  return regex
}

/** IPv4 addresses in IPv6's clothes are left to OPA: its Go and its WASM differ about them. */
function isWithin(networkText: string, addressText: string): boolean | undefined {
  const network = parseNetwork(networkText)
  const address = parseAddress(addressText)
  if (network === undefined || address === undefined) return undefined
  if (networkText.includes(':') && isIPv4(network.first)) return undefined
  if (addressText.includes(':') && isIPv4(address)) return undefined
  return contains(network, address)
}
