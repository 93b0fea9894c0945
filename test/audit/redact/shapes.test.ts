import { describe, expect, test } from 'vitest'
import { Edits, inLog, inReport } from '../../../src/audit/redact/edits.ts'
import type { Kind } from '../../../src/audit/redact/kinds.ts'
import { inText } from '../../../src/audit/redact/text.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const jwt = ['eyJhbGciOiJSUzI1NiJ9', 'eyJpc3MiOiJrdWJlcm5ldGVzIn0', 'c2lnbmF0dXJl'].join('.')
const letters = (count: number): string => 'aB3dE5gH7'.repeat(20).slice(0, count)
const pem = ['-----BEGIN RSA PRIVATE KEY-----', 'abcdefgh', '-----END RSA PRIVATE KEY-----'].join(
  '\n',
)

function redacted(text: string): { log: string; report: string; kinds: Kind[] } {
  const edits = new Edits(text)
  inText(text, undefined, edits)
  const merged = edits.merged()
  return {
    log: inLog(text, merged),
    report: inReport(text, merged),
    kinds: [...new Set(merged.map(({ kind }) => kind))],
  }
}

describe('what stands for it in a report', () => {
  test.each<[kind: Kind, text: string, wanted: string]>([
    ['token', `x${jwt} y`, 'x[redacted] y'],
    ['authorization', 'Bearer abcdefgh', 'Bearer [redacted]'],
    ['authorization', 'got bearer=abcdefgh', 'got bearer=[redacted]'],
    ['authorization', `Basic ${base64('bob:hunter2')}, x`, 'Basic [redacted], x'],
    ['url-password', 'postgres://app:hunter2@db/shop', 'postgres://app:[redacted]@db/shop'],
    ['url-password', 'amqp://a:p@ss@mq', 'amqp://a:[redacted]@mq'],
    [
      'url-password',
      `https://${letters(24)}@git.example.com/x`,
      'https://[redacted]@git.example.com/x',
    ],
    ['private-key', pem, '-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----'],
    ['private-key', pem.slice(0, 40), '-----BEGIN RSA PRIVATE KEY-----[redacted]'],
    ['bootstrap-token', 'join abcdef.0123456789abcdef now', 'join [redacted] now'],
    ['assignment', 'DB_PASSWORD=hunter2 ./run', 'DB_PASSWORD=[redacted] ./run'],
    ['assignment', "password='a b' x", "password='[redacted]' x"],
    ['assignment', 'export API_TOKEN="a\\"b" x', 'export API_TOKEN="[redacted]" x'],
    ['assignment', 'x: 1\npassword: a b c\ny: 2', 'x: 1\npassword: [redacted]\ny: 2'],
    ['assignment', 'password: |\n  one\n  two\ny: 2', 'password: |\n  [redacted]\ny: 2'],
    ['assignment', '{"client_secret":"hunter2","a":1}', '{"client_secret":"[redacted]","a":1}'],
    ['assignment', '{\\"token\\":\\"hunter2\\"}', '{\\"token\\":\\"[redacted]\\"}'],
    ['assignment', '{password: hunter2, a: 1}', '{password: [redacted], a: 1}'],
    ['assignment', 'run --token hunter2 --x', 'run --token [redacted] --x'],
    ['assignment', 'run --api-key=hunter2 --x', 'run --api-key=[redacted] --x'],
    ['assignment', 'Authorization: Token abc12345', 'Authorization: [redacted]'],
    ['argument', 'mysql -uroot -phunter2 shop', 'mysql -uroot -p[redacted] shop'],
    ['argument', 'sh -c "mysql -phunter2"', 'sh -c "mysql -p[redacted]"'],
    ['argument', 'redis-cli -a hunter2 ping', 'redis-cli -a [redacted] ping'],
    ['argument', 'curl -u bob:hunter2 https://x', 'curl -u bob:[redacted] https://x'],
    ['argument', 'docker login -u bob -p hunter2', 'docker login -u bob -p [redacted]'],
    ['encoded', `x ${base64(`PASSWORD=${letters(20)}`)}`, 'x [redacted]'],
    ['encoded', base64(base64(pem)), '[redacted]'],
    ['encoded', base64(pem).replaceAll(/.{24}(?=.)/g, '$&\n'), '[redacted]'],
    ['assignment', '/x?access_token=abc%20d&y=1', '/x?access_token=[redacted]&y=1'],
    [
      'argument',
      '/exec?command=mysql&command=-phunter2',
      '/exec?command=mysql&command=-p[redacted]',
    ],
    [
      'assignment',
      '/exec?command=a&command=--password&command=x+y&tty=1',
      '/exec?command=a&command=--password&command=[redacted]&tty=1',
    ],
    [
      'secret',
      'kind: Secret\ndata:\n  a: aGk=\n  b: aGk=\nx: y',
      'kind: Secret\ndata:\n  a: [redacted]\n  b: [redacted]\nx: y',
    ],
  ])('%s: %s', (kind, text, wanted) => {
    expect(redacted(text)).toMatchObject({ report: wanted, kinds: expect.arrayContaining([kind]) })
  })

  test('percent-encoding hides nothing', () => {
    const { report } = redacted('/exec?command=sh&command=-c&command=PGPASSWORD%3Dhunter2+psql')
    expect(report).toBe('/exec?command=sh&command=-c&command=PGPASSWORD%3D[redacted]')
    expect(redacted('x%70assword%3Dhunter2').report).not.toContain('hunter2')
  })
})

describe('keys of providers keep their prefix and length in a log', () => {
  test.each([
    ['AKIA', 'ABCDEFGHIJKLMNOP', 'AKIAREDACTEDREDACTED'],
    ['ghp_', letters(36), `ghp_${'REDACTED'.repeat(5).slice(0, 36)}`],
    ['github_pat_', letters(30), undefined],
    ['AIza', letters(35), undefined],
    ['glpat-', letters(20), undefined],
    ['xoxb-', letters(24), undefined],
    ['sk_live_', letters(24), undefined],
    ['whsec_', letters(24), undefined],
    ['sk-proj-', letters(40), undefined],
    ['SG.', `${letters(22)}.${letters(43)}`, undefined],
    ['npm_', letters(36), undefined],
    ['hf_', letters(34), undefined],
    ['dckr_pat_', letters(32), undefined],
    ['hvs.', letters(24), undefined],
    ['dop_v1_', letters(64), undefined],
    ['dapi', letters(32), undefined],
    ['shpat_', letters(32), undefined],
    ['sha256~', letters(43), undefined],
    ['AGE-SECRET-KEY-1', 'A'.repeat(58), undefined],
    ['12345678:AA', letters(33), undefined],
    ['ya29.', letters(40), undefined],
    ['GOCSPX-', letters(28), undefined],
    ['rubygems_', letters(48), undefined],
    ['https://hooks.slack.com/services/', `T0/B0/${letters(24)}`, undefined],
    [`${letters(14)}.atlasv1.`, letters(60), undefined],
  ])('%s', (prefix, rest, wanted) => {
    const { log, kinds } = redacted(`a ${prefix}${rest} b`)
    expect(kinds).toEqual(['provider-key'])
    expect(log).not.toContain(rest)
    expect(log).toHaveLength(prefix.length + rest.length + 4)
    if (wanted !== undefined) expect(log).toBe(`a ${wanted} b`)
  })
})

describe('no credential', () => {
  test.each([
    'kubernetes-admin listed secrets in namespace payments',
    'system:serviceaccount:shop:web requested a token for payments/ledger',
    'alice@example.com opened a shell in pod token-service-0',
    'secrets "db" is forbidden: User "bob" cannot get resource "secrets" in API group ""',
    'RBAC: allowed by ClusterRoleBinding "tokens" of ClusterRole "secret-reader" to Group "auth"',
    'Basic authentication failed, bearer authentication too',
    'system:basic-user',
    '/api/v1/secrets?fieldSelector=metadata.name%3Ddb-secret&limit=500',
    '/api/v1/pods?labelSelector=owner%3Dhelm%2Cname%3Dtoken-service',
    'postgres://app:${DB_PASSWORD}@db/shop',
    'password: ${DB_PASSWORD}',
    'token: {{ .Values.token }}',
    'secretName: db',
    '--token-ttl 5m',
    'maxTokens: 100',
    'docker run -p 8080:80 nginx',
    'image: vault-token:v1.2',
    'https://reg:5000/a@sha256:abc',
    'web.17f2ab3c4d5e6f70',
    'ledger.18d2ab3c4d5e6f70',
    '6f66c109-4e85-4b36-975b-edad89e1fa4a',
    base64('nothing of interest in this text at all'),
  ])('%s', (text) => {
    expect(redacted(text)).toEqual({ log: text, report: text, kinds: [] })
  })
})

test('what was redacted is not redacted again', () => {
  const texts = [`x${jwt}`, pem, 'p://a:hunter2@b', 'DB_PASSWORD=hunter2', 'a: 1\npassword: x y z']
  for (const text of texts) {
    const { log } = redacted(text)
    expect(redacted(log)).toMatchObject({ log, kinds: [] })
  }
})

describe('long texts take time in proportion', () => {
  test.each([
    'eyJ',
    'eyJabcdefgh.',
    '-----BEGIN PRIVATE KEY-----',
    'password',
    'password=',
    'password="',
    'bearer ',
    '://a:',
    '://a@',
    'a:b@',
    'ghp_',
    'SG.a',
    'AKIA',
    'secret_',
    'key',
    'A',
    'A\n',
    'abcdef.',
    '%70',
    '\\"',
    '\\\\',
    '?a=',
    '&command=--password',
    'mysql -p',
    'kind: Secret\ndata:\n  a: b\n',
  ])('%j', (piece) => {
    const long = piece.repeat(Math.ceil(400_000 / piece.length))
    const started = performance.now()
    redacted(long)
    // Quadratic time would be minutes.
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
