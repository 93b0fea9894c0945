import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { cli, recording, root } from '../support/cli.ts'
import { attacks } from '../support/labels.ts'

const folder = path.join(root, 'falco-rules')

test('the rules of our own pass the strict check', async () => {
  for (const file of readdirSync(folder).filter((name) => !name.endsWith('.cases.yaml'))) {
    const { code, stdout } = await cli(['falco', 'check', '--strict', path.join(folder, file)])
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('0 warnings'),
    })
  }
})

test('they find on the recording what they were written for, and nothing else', async () => {
  const { json } = await cli([
    'scan',
    recording,
    '--falco',
    folder,
    '-f',
    'jsonl',
    '--fail-on',
    'none',
  ])
  const wanted: Record<string, string> = {
    'invalid-credentials': 'Invalid credentials',
    'serviceaccount-token-requested': 'Token requested for another service account',
    'admission-webhook-changed': 'Admission webhook changed',
    'node-proxy': 'Node proxy used',
    'events-deleted': 'Events deleted',
    'client-certificate-requested': 'Client certificate requested',
    'permission-enumeration': 'Permissions enumerated',
  }
  const found = new Map(json().map((finding) => [finding['auditID'], finding['rule']]))
  for (const [scenario, rule] of Object.entries(wanted)) {
    const ids = attacks().get(scenario) ?? []
    expect(ids.length).toBeGreaterThan(0)
    expect(ids.map((auditID) => found.get(auditID))).toEqual(ids.map(() => rule))
  }
  expect(new Set(found.values())).toEqual(new Set(Object.values(wanted)))
})
