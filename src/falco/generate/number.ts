import type { ComparingOperator } from '../../residual/residual.ts'
import { Inexpressible } from './inexpressible.ts'

/**
 * A POSIX pattern for the whole numbers that are greater than, or at least, one above zero, written
 * in decimal as the API server writes them. Falco compares numbers of an event as texts.
 *
 * @throws Inexpressible for another number
 */
export function numberPattern(
  operator: ComparingOperator & ('greater' | 'greaterOrEqual' | 'less' | 'lessOrEqual'),
  than: number,
): { readonly pattern: string; readonly negated: boolean } {
  const negated = operator === 'less' || operator === 'lessOrEqual'
  const least = operator === 'greater' || operator === 'lessOrEqual' ? than + 1 : than
  if (!Number.isSafeInteger(least) || least < 1)
    throw new Inexpressible(
      `numbers are compared as texts, and ${than} is not a whole number above zero`,
    )
  return { pattern: atLeast(String(least)), negated }
}

function atLeast(least: string): string {
  const significant = least.replace(/0+$/, '').length
  const options: string[] = []
  for (let at = 0; at < significant; at++) {
    const digit = Number(least[at])
    // Behind zeros alone, numbers that begin alike are not less.
    const isLast = at === significant - 1
    if (digit === 9 && !isLast) continue
    const from = isLast ? digit : digit + 1
    options.push(`${least.slice(0, at)}${digits(from)}${anyDigits(least.length - at - 1)}`)
  }
  return [...options, `[1-9]${anyDigits(least.length, ',')}`].join('|')
}

function digits(from: number): string {
  if (from === 9) return '9'
  return from === 8 ? '[89]' : `[${from}-9]`
}

function anyDigits(count: number, more = ''): string {
  if (count === 0) return ''
  if (count === 1) return more === '' ? '[0-9]' : '[0-9]+'
  return `[0-9]{${count}${more}}`
}
