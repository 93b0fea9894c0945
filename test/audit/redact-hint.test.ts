import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { redactShapes } from '../../src/audit/credentials.ts'

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

/** The prefix has the hint in it and ends where no shape can go on, so that all shapes are looked for. */
const HINTED = 'key|'

test('the quick look never misses what the shapes would find', () => {
  const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(text, (parts) => {
      const whole = parts.join('')
      expect(HINTED + redactShapes(whole)).toBe(redactShapes(HINTED + whole))
    }),
    { numRuns: 5000 },
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
