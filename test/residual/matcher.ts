import type { Matcher } from '../../src/residual/holds.ts'
import type { Json } from '../../src/residual/residual.ts'
import { compileRegex } from '../../src/text/regex.ts'
import {
  contains,
  containsNetwork,
  parseAddress,
  parseNetwork,
} from '../../src/rego/builtins/go/ip.ts'

/** Decides patterns and networks, so that residuals without opaque literals have an answer. */
export const matcher: Matcher = (atom, constant, value) => {
  if (typeof constant !== 'string' || typeof value !== 'string') return false
  switch (atom.operator) {
    case 'regexMatch':
      return compileRegex(constant).test(value)
    case 'cidrContains':
      return isInside(constant, value)
    case 'globMatch':
      return atom.delimiters === null ? matchesGlob(constant, value) : undefined
    default:
      return undefined
  }
}

function isInside(cidr: string, value: string): boolean {
  const network = parseNetwork(cidr)
  if (!network) return false
  const address = parseAddress(value)
  if (address !== undefined) return contains(network, address)
  const inner = parseNetwork(value)
  return inner !== undefined && containsNetwork(network, inner)
}

/** Patterns of `*` and plain characters only; the others are left open. */
function matchesGlob(pattern: string, value: Json & string): boolean | undefined {
  if (/[?\\[\]{}]/.test(pattern)) return undefined
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+^$()|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(value)
}
