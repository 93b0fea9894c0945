import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { resolveLists, substituteLists } from '../../src/falco/rules/lists.ts'
import type { ListDefinition } from '../../src/falco/rules/model.ts'
import { Traced } from '../../src/falco/rules/traced.ts'

const BLANKS = ' \t\n\r'
const DELIMITERS = `${BLANKS}(),=`

/** One list put into one text, a character string that is rewritten at each place it is found. */
function naive(text: string, name: string, items: readonly string[]): string {
  let result = text
  let start = result.indexOf(name)
  while (start >= 0) {
    let end = start + name.length
    const isDelimiter = (at: number): boolean =>
      at < 0 || at >= result.length || DELIMITERS.includes(result[at]!)
    if (isDelimiter(start - 1) && isDelimiter(end)) {
      while (start > 0 && BLANKS.includes(result[start - 1]!)) start--
      while (end < result.length && BLANKS.includes(result[end]!)) end++
      let put = ''
      for (const item of items) {
        if (put !== '') put += ', '
        put += item.includes(' ') && !/^["']/.test(item) ? `"${item}"` : item
      }
      if (put === '') {
        if (start > 0 && result[start - 1] === ',') start--
        else if (result[end] === ',') end++
      }
      const before = start > 0 ? `${result.slice(0, start)} ` : ''
      result = `${before}${put} ${result.slice(end)}`
      start += put.length + 1
    }
    start = result.indexOf(name, start + 1)
  }
  return result
}

const name = fc.constantFrom('l', 'll', 'a', 'and', 'l-')
const text = fc.string({
  unit: fc.constantFrom('l', 'a', ' ', ',', '(', ')', '=', '"', '-', '\t', 'and'),
  maxLength: 24,
})
const items = fc.array(fc.constantFrom('x', 'l', 'a b', '"q r"', '', 'x\t', 'll'), { maxLength: 3 })

test('lists are put in as Falco does it, character by character', () => {
  const property = fc.property(
    text,
    fc.uniqueArray(name, { minLength: 1 }),
    fc.array(items, { minLength: 5, maxLength: 5 }),
    (condition, names, all) => {
      const lists = new Map(
        names.map((each, i): [string, ListDefinition] => {
          const place = { file: 'f', span: { start: 0, end: 0 } }
          // First and last are such that no list refers to another.
          return [
            each,
            {
              name: each,
              items: all[i]!.map((item) => Traced.unplaced(item)),
              place,
              first: 1,
              last: 0,
            },
          ]
        }),
      )
      const wanted = names.reduce((result, each, i) => naive(result, each, all[i]!), condition)
      const got = substituteLists(Traced.unplaced(condition), resolveLists(lists))
      assert.equal(got.text, wanted)
    },
  )
  expect(() => fc.assert(property, { numRuns: 20_000 })).not.toThrow()
})
