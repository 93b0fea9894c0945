import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergePatch, mergePatchBetween } from '../../src/testing/merge-patch.ts'
import '../support/property.ts'

/** The examples of RFC 7396, appendix A: original, patch, result. */
const examples: readonly (readonly [original: string, patch: string, result: string])[] = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', '{}'],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', 'null', 'null'],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
  ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
]

test.each(examples)('%s patched with %s is %s', (original, patch, result) => {
  expect(mergePatch(JSON.parse(original), JSON.parse(patch))).toEqual(JSON.parse(result))
})

const json = fc.jsonValue({ maxDepth: 4, noUnicodeString: false })

test('a patch between two values turns one into the other, or there is none', () => {
  fc.assert(
    fc.property(json, json, (from, to) => {
      const patch = mergePatchBetween(from, to)
      if (patch === undefined) expect(JSON.stringify(to)).toContain('null')
      else
        expect(JSON.parse(JSON.stringify(mergePatch(from, patch)))).toEqual(
          JSON.parse(JSON.stringify(to)),
        )
    }),
  )
})
