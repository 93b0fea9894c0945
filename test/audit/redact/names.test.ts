import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCredentialName, keyConfidence } from '../../../src/audit/redact/names.ts'
import { root } from '../../support/cli.ts'

test.each([
  'password',
  'DB_PASSWORD',
  'db.passwd',
  'dbpass',
  'PGPASSWORD',
  'passphrase',
  'password1',
  'secret',
  'clientSecret',
  'SECRET_KEY_BASE',
  'AWS_SECRET_ACCESS_KEY',
  'aws_access_key_id',
  'token',
  'TOKEN_V2',
  'GITHUB_TOKEN',
  'refresh_token',
  'apiKey',
  'X-Api-Key',
  'private_key',
  'credentials',
  'connectionString',
  'SENTRY_DSN',
  'auth',
  'Authorization',
  'Cookie',
  '.dockerconfigjson',
  'kubeconfig',
  'id_ed25519',
  'client-key-data',
])('a credential: %s', (name) => {
  expect(isCredentialName(name)).toBe(true)
})

test.each([
  'secretName',
  'secretNamespace',
  'secretKeyRef',
  'passwordSecretRef',
  'imagePullSecrets',
  'tokenTTL',
  'tokenExpirationSeconds',
  'PASSWORD_FILE',
  'TOKEN_URL',
  'csi.storage.k8s.io/node-publish-secret-name',
  'authorization.k8s.io/decision',
  'authentication.kubernetes.io/issued-credential-id',
  'kubernetes.io/service-account.name',
  'author',
  'tokenizer',
  'bypass',
  'compass',
  'key',
  'publicKey',
  'sessionAffinity',
  'serviceAccountName',
  'kind',
  'apiVersion',
  'resourceVersion',
  'continue',
])('about one, or something else: %s', (name) => {
  expect(isCredentialName(name)).toBe(false)
})

describe('keys of ConfigMaps', () => {
  test.each([
    ['password', 'whole'],
    ['aws_access_key_id', 'whole'],
    ['kubeconfig', 'whole'],
    ['db.password.txt', 'found or whole'],
    ['credentials.yaml', 'found or whole'],
    ['tls.key', 'found or whole'],
    ['connection_string', 'found or whole'],
    ['LOG_LEVEL', 'found'],
    ['secretName', 'found'],
    ['tokenTTL', 'found'],
    ['monkey', 'found'],
  ])('%s: %s', (key, confidence) => {
    expect(keyConfidence(key)).toBe(confidence)
  })

  test('whatever the guardrail takes for a credential by its key is one as a whole', () => {
    const file = 'rego/guardrails/secrets/configmap_credentials/configmap_credentials.rego'
    const source = readFileSync(path.join(root, file), 'utf8')
    const patterns = [...source.matchAll(/`\(\?i\)([^`]*)`/g)]
      .map((match) => match[1]!)
      .filter((pattern) => pattern.endsWith('$'))
      .filter((pattern) => !pattern.includes('\\s'))
      .map((pattern) => new RegExp(pattern, 'i'))
    expect(patterns).toHaveLength(2)
    const parts = fc.constantFrom(
      ...'pass word wd phrase secret token credential s api access private signing encryption'
        .split(' ')
        .concat('key id - _ . netrc pgpass htpasswd dockercfg id_rsa kubeconfig x A'.split(' ')),
    )
    const key = fc.array(parts, { minLength: 1, maxLength: 5 }).map((words) => words.join(''))
    fc.assert(
      fc.property(key, (text) => {
        fc.pre(patterns.some((pattern) => pattern.test(text)))
        expect(keyConfidence(text)).toBe('whole')
      }),
      { numRuns: 3000 },
    )
  })
})
