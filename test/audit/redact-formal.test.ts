import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachEncoded } from '../../src/audit/redact/base64.ts'
import { Edits } from '../../src/audit/redact/edits.ts'
import { isKnownClean } from '../../src/audit/redact/memory.ts'
import { rawShapes } from '../../src/audit/redact/shapes.ts'

const ALL_HINTS = 0xff

test('texts that are passed for their form have no credential shape', () => {
  const time = fc
    .date({ min: new Date(0), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString().replace('Z', '123Z'))
  const formal = fc.oneof(fc.uuid(), fc.ipV4(), time)
  fc.assert(
    fc.property(formal, (text) => {
      expect(isKnownClean(text)).toBe(true)
      const edits = new Edits(text)
      rawShapes(text, edits, ALL_HINTS)
      expect(edits.merged()).toEqual([])
      eachEncoded(text, (_start, _end, decoded) => expect.fail(decoded))
    }),
    { numRuns: 2000 },
  )
})
