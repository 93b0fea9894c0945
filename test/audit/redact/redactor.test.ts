import { describe, expect, test } from 'vitest'
import { redactorFor } from '../../../src/audit/redact.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

function redact(event: Record<string, unknown>, text: string): string {
  return redactorFor(() => event).text(text)
}

describe('values of the event', () => {
  const secret = {
    objectRef: { resource: 'secrets', name: 'db' },
    requestObject: {
      kind: 'Secret',
      data: { user: base64('dbadmin') },
      stringData: { note: 'winter is coming' },
    },
    responseObject: { kind: 'Secret', data: { user: base64('dbadmin') } },
  }

  test.each([
    [`value ${base64('dbadmin')} here`, 'value [redacted] here'],
    ['decoded dbadmin here', 'decoded [redacted] here'],
    ['he wrote winter is coming', 'he wrote [redacted]'],
  ])('%s', (text, wanted) => {
    expect(redact(secret, text)).toBe(wanted)
  })

  test('Secrets in a list, in an annotation and in a JSON patch', () => {
    const list = {
      objectRef: { resource: 'secrets' },
      responseObject: { kind: 'SecretList', items: [{ data: { a: base64('opensesame') } }] },
    }
    expect(redact(list, 'x opensesame')).toBe('x [redacted]')
    const applied = JSON.stringify({ kind: 'Secret', stringData: { a: 'opensesame' } })
    const annotated = {
      objectRef: { resource: 'pods' },
      requestObject: {
        metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': applied } },
      },
    }
    expect(redact(annotated, 'x opensesame')).toBe('x [redacted]')
    const patch = {
      objectRef: { resource: 'secrets' },
      requestObject: [{ op: 'replace', path: '/data/a', value: base64('opensesame') }],
    }
    expect(redact(patch, 'x opensesame')).toBe('x [redacted]')
  })

  test('credential-like variables, and no others', () => {
    const pod = {
      objectRef: { resource: 'pods' },
      requestObject: {
        spec: {
          containers: [
            {
              env: [
                { name: 'DB_PASSWORD', value: 'opensesame' },
                { name: 'MODE', value: 'production' },
              ],
            },
          ],
        },
      },
    }
    expect(redact(pod, 'opensesame in production')).toBe('[redacted] in production')
  })

  test('an issued token', () => {
    const request = {
      objectRef: { resource: 'serviceaccounts', subresource: 'token' },
      responseObject: { status: { token: 'abc.def.ghi' } },
    }
    expect(redact(request, 'got abc.def.ghi')).toBe('got [redacted]')
  })

  test('an author cannot black out the own name', () => {
    const event = {
      objectRef: { resource: 'secrets' },
      requestObject: { kind: 'Secret', stringData: { a: 'mallory' } },
    }
    expect(redactorFor(() => event).identity({ name: 'mallory@example.com' })).toEqual({
      name: 'mallory@example.com',
    })
  })
})

describe('shapes', () => {
  const jwt = `eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJl`
  test.each([
    [`ran curl -H "Authorization: Bearer ${jwt}"`, jwt],
    ['Authorization: Basic YWxhZGRpbjpvcGVu', 'YWxhZGRpbjpvcGVu'],
    ['mysql --password hunter2hunter2', 'hunter2hunter2'],
    ['mysql --password=hunter2hunter2', 'hunter2hunter2'],
    ['DB_PASSWORD=hunter2hunter2 ./run', 'hunter2hunter2'],
    ['exec?command=env&command=API_TOKEN%3Dhunter2hunter2', 'hunter2hunter2'],
    ['postgres://app:hunter2hunter2@db/shop', 'hunter2hunter2'],
    ['{"client_secret":"hunter2hunter2"}', 'hunter2hunter2'],
    [`-----BEGIN RSA PRIVATE KEY-----\nabcdefgh\n-----END RSA PRIVATE KEY-----`, 'abcdefgh'],
  ])('%s', (text, secret) => {
    const result = redact({}, text)
    expect(result).toContain('[redacted]')
    expect(result).not.toContain(secret)
  })

  test.each([
    'kubernetes-admin listed secrets in namespace payments',
    'system:serviceaccount:shop:web requested a token for payments/ledger',
    'alice@example.com opened a shell in pod token-service-0',
  ])('plain sentences stay: %s', (text) => {
    expect(redact({}, text)).toBe(text)
  })
})
