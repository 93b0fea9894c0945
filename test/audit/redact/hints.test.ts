import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { redactShapes } from '../../../src/audit/credentials.ts'
import { Edits } from '../../../src/audit/redact/edits.ts'
import { hint, hintsOf } from '../../../src/audit/redact/hints.ts'
import { rawShapes } from '../../../src/audit/redact/shapes.ts'

/** Pieces of credentials of every shape, in both cases, and of what stands around them. */
const pieces = [
  '-----BEGIN RSA PRIVATE KEY-----',
  '-----END RSA PRIVATE KEY-----',
  'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJl',
  ['Bearer ', 'basic+', 'BASIC%20', 'YWxhZGRpbjpvcGVu'],
  ['https://', 'user:hunter2hunter2@', 'host'],
  ['AKIA', 'ASIAABCDEFGHIJKLMNOP', 'ghp_', 'xoxb-', 'sk_live_'],
  ['abcdef.0123456789abcdef', 'a'.repeat(30), 'ABCDEFGHIJKLMNOP'],
  ['password', 'PASSWD', 'passphrase', 'Secret', 'token', 'credential', 'api-key', 'access_key'],
  ['private-key', 'apikey', '--', '-', '=', ': ', ':', '%3D', '"', "'", ' ', '\n', '&command='],
].flat()

const all = Object.values(hint).reduce<number>((sum, bit) => sum | bit, 0)

test('the quick look never misses what the shapes would find', () => {
  const piece = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...pieces) },
    { weight: 1, arbitrary: fc.constantFrom(...pieces).map((text) => text.slice(1)) },
    { weight: 1, arbitrary: fc.string({ maxLength: 4 }) },
  )
  const found = (text: string, hints: number): unknown => {
    const edits = new Edits(text)
    rawShapes(text, edits, hints)
    return edits.merged()
  }
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (parts) => {
      const text = parts.join('')
      expect(found(text, hintsOf(text))).toEqual(found(text, all))
    }),
    { numRuns: 10_000 },
  )
})

test.each([
  'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJl',
  'BEARER abcdefgh',
  'ftp://u:hunter2@h',
  'AKIAABCDEFGHIJKLMNOP',
  `gho_${'a'.repeat(30)}`,
  'xoxp-aaaaaaaaaaaa',
  'sk_live_aaaaaaaa',
  'abcdef.0123456789abcdef',
  'PASSWORD=x',
  'passphrase: x',
  'Credential=x',
  'apikey=x',
])('a credential of its own: %s', (text) => {
  expect(redactShapes(text)).toContain('[redacted]')
})
