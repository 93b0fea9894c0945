import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Inexpressible } from '../../../src/falco/generate/inexpressible.ts'
import { jsonNotation } from '../../../src/falco/generate/json-text.ts'
import { networkPattern } from '../../../src/falco/generate/network.ts'
import { numberPattern } from '../../../src/falco/generate/number.ts'
import { parsePattern } from '../../../src/falco/generate/pattern.ts'
import { plainNotation, wholePattern } from '../../../src/falco/generate/whole-pattern.ts'
import { exampleOf, wordsOf } from '../../../src/falco/generate/words.ts'
import { compileRegex as compilePosix } from '../../../src/falco/eval/regex.ts'
import { contains, parseAddress, parseNetwork } from '../../../src/rego/builtins/go/ip.ts'
import { compileRegex } from '../../../src/text/regex.ts'

const posix = (pattern: string): ((text: string) => boolean) => {
  const compiled = compilePosix(pattern)
  return (text) => compiled(Buffer.from(text, 'utf8').toString('latin1'))
}

const part = fc.oneof(
  fc.constantFrom('a', 'b', 'ab', String.raw`\.`, '/', '[ab]', '[^a/]', '.', String.raw`\d`),
  fc.constantFrom('a*', 'b+', '(a|b)', '(ab)?', '(?:a|bb)', '[.]{2}', '(/|$)', '"', '<'),
)
const pattern = fc
  .tuple(fc.constantFrom('', '^'), fc.array(part, { maxLength: 4 }), fc.constantFrom('', '$'))
  .map(([begin, parts, end]) => begin + parts.join('') + end)
const text = fc
  .array(fc.constantFrom('a', 'b', '.', '/', '1', '"', '\\', '<', 'é'), { maxLength: 6 })
  .map((chars) => chars.join(''))

function whole(source: string, notation: typeof plainNotation): string | undefined {
  try {
    return wholePattern(parsePattern(source), notation)
  } catch (error) {
    if (error instanceof Inexpressible) return undefined
    throw error
  }
}

describe('patterns mean the same', () => {
  test('as a whole text, for Falco', () => {
    const property = fc.property(pattern, text, (source, given) => {
      const translated = whole(source, plainNotation)
      fc.pre(translated !== undefined)
      expect(posix(translated!)(given), translated).toBe(compileRegex(source).test(given))
    })
    fc.assert(property, { numRuns: 2000 })
  })

  test('in a JSON string, as Go writes it or as a client does', () => {
    const property = fc.property(pattern, text, fc.boolean(), (source, given, isGo) => {
      const translated = whole(source, jsonNotation)
      fc.pre(translated !== undefined)
      // What Go escapes is one character to Rego, and six to Falco, two of them digits.
      fc.pre(!given.includes('<') || !/\[\^|\.|\\d/.test(source) || !isGo)
      const json = JSON.stringify(given)
      const written = isGo ? json.replaceAll('<', String.raw`\u003c`) : json
      expect(posix(`"${translated!}"`)(written), translated).toBe(compileRegex(source).test(given))
    })
    fc.assert(property, { numRuns: 2000 })
  })

  test('as a few words', () => {
    const property = fc.property(pattern, text, (source, given) => {
      const words = wordsOf(parsePattern(source))
      fc.pre(words !== undefined)
      const { texts, begin, end } = words!
      const found = texts.some((word) => {
        if (begin) return end ? given === word : given.startsWith(word)
        return end ? given.endsWith(word) : given.includes(word)
      })
      expect(found).toBe(compileRegex(source).test(given))
    })
    fc.assert(property, { numRuns: 2000 })
  })

  test('an example of a pattern is found by it', () => {
    const property = fc.property(pattern, (source) => {
      expect(compileRegex(source).test(exampleOf(parsePattern(source))), source).toBe(true)
    })
    fc.assert(property)
  })
})

test('whole numbers are compared by their digits', () => {
  const operator = fc.constantFrom(
    'less' as const,
    'lessOrEqual' as const,
    'greater' as const,
    'greaterOrEqual' as const,
  )
  const number = fc.oneof(fc.nat({ max: 1200 }), fc.nat({ max: 10_000_000 }))
  const property = fc.property(
    operator,
    fc.integer({ min: 1, max: 100_000 }),
    number,
    (is, than, value) => {
      const { pattern: digits, negated } = numberPattern(is, than)
      const wanted = {
        less: value < than,
        lessOrEqual: value <= than,
        greater: value > than,
        greaterOrEqual: value >= than,
      }[is]
      for (const near of [value, than])
        if (near === value) expect(posix(digits)(String(value)) !== negated, digits).toBe(wanted)
      expect(posix(digits)(String(than - 1)) !== negated).toBe(is.startsWith('less'))
    },
  )
  fc.assert(property, { numRuns: 1000 })
})

test('addresses are in a network for Falco where they are for OPA', () => {
  const octet = fc.nat({ max: 255 })
  const v4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'))
  const near = fc.tuple(v4, v4, fc.nat({ max: 4 })).map(([a, b, kept]) => {
    const [from, to] = [a.split('.'), b.split('.')]
    return [a, [...from.slice(0, kept), ...to.slice(kept)].join('.')] as const
  })
  const property = fc.property(near, fc.nat({ max: 32 }), ([network, address], bits) => {
    const cidr = `${network}/${bits}`
    const wanted = contains(parseNetwork(cidr)!, parseAddress(address)!)
    expect(posix(networkPattern(cidr))(address), cidr).toBe(wanted)
  })
  fc.assert(property, { numRuns: 1000 })
  const v6 = ['fc00::1', 'fdff::', 'fe80::1', 'febf::1', 'fec0::1', '2001:db8::1', '::1', '::2']
  for (const cidr of ['fc00::/7', 'fe80::/10', '::1/128', '2000::/3']) {
    for (const address of v6) {
      const wanted = contains(parseNetwork(cidr)!, parseAddress(address)!)
      expect(posix(networkPattern(cidr))(address), `${cidr} ${address}`).toBe(wanted)
    }
  }
})
