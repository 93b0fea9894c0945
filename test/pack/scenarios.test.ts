import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { scan } from '../../src/io/scan.ts'
import type { Finding } from '../../src/engine/finding.ts'
import { atLeast } from '../../src/text/priority.ts'
import { recording, root } from '../support/cli.ts'

/** Which guardrails count as finding a scenario of the recording. */
const scenarios: Readonly<Record<string, readonly string[]>> = {
  'pod-exec': ['pod-exec'],
  'anonymous-request': ['anonymous-request'],
  'invalid-credentials': ['invalid-credentials'],
  'secrets-bulk-read': ['secrets-listed'],
  'privileged-container': ['privileged-container'],
  'sensitive-host-path': ['sensitive-host-path'],
  'untrusted-registry': ['untrusted-image'],
  'cluster-admin-granted': ['cluster-admin-granted'],
  'wildcard-role': ['wildcard-role'],
  'serviceaccount-token-requested': ['token-requested'],
  'admission-webhook-changed': ['admission-webhook-changed'],
  'events-deleted': ['events-deleted'],
}

const labels = JSON.parse(
  readFileSync(path.join(root, 'test/recordings/labels.json'), 'utf8'),
) as Record<string, string>
const auditIDs = new Set(
  readFileSync(recording, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { auditID: string }).auditID),
)
const isAttack = (auditID: string): boolean => (labels[auditID] ?? 'benign') !== 'benign'

let findings: Finding[] = []
beforeAll(async () => {
  for await (const finding of await scan([recording])) findings.push(finding)
})

describe('every event of a scenario has a finding of Notice or above from the right guardrail', () => {
  test.each(Object.entries(scenarios))('%s', (scenario, guardrails) => {
    const wanted = Object.keys(labels).filter((auditID) => labels[auditID] === scenario)
    expect(wanted.length).toBeGreaterThan(0)
    const found = findings
      .filter(({ rule, priority }) => guardrails.includes(rule) && atLeast(priority, 'Notice'))
      .map((finding) => finding.auditID)
    expect(wanted.filter((auditID) => !found.includes(auditID))).toEqual([])
  })
})

test('at most 2% of the other requests have a finding of Warning or above', () => {
  const others = [...auditIDs].filter((auditID) => !isAttack(auditID))
  const alarmed = new Set(
    findings.filter(({ priority }) => atLeast(priority, 'Warning')).map(({ auditID }) => auditID),
  )
  const share = others.filter((auditID) => alarmed.has(auditID)).length / others.length
  expect(share).toBeLessThanOrEqual(0.02)
})
