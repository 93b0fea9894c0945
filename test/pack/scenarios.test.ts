import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { scan } from '../../src/io/scan/scan.ts'
import type { Finding } from '../../src/engine/finding.ts'
import { atLeast, type Priority } from '../../src/text/priority.ts'
import { recording } from '../support/cli.ts'
import { attackOf, attacks, scenarios } from '../support/labels.ts'

const auditIDs = new Set(
  readFileSync(recording, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { auditID: string }).auditID),
)

let findings: Finding[] = []
beforeAll(async () => {
  for await (const finding of await scan([recording])) findings.push(finding)
})

/** The share of the requests that are no attack with a finding of this priority or above. */
function noise(priority: Priority): number {
  const others = [...auditIDs].filter((auditID) => attackOf(auditID) === undefined)
  const alarmed = new Set(
    findings.filter((finding) => atLeast(finding.priority, priority)).map((f) => f.auditID),
  )
  return others.filter((auditID) => alarmed.has(auditID)).length / others.length
}

describe('every event of a scenario has a finding of Notice or above from the right guardrail', () => {
  test.each([...attacks()])('%s', (scenario, wanted) => {
    const guardrails = scenarios()[scenario]!
    const found = findings
      .filter(({ rule, priority }) => guardrails.includes(rule) && atLeast(priority, 'Notice'))
      .map((finding) => finding.auditID)
    expect(wanted.filter((auditID) => !found.includes(auditID))).toEqual([])
  })
})

test('the table of scenarios names every scenario of the recording', () => {
  expect(Object.keys(scenarios()).toSorted()).toEqual([...attacks().keys()].toSorted())
})

test('at most 1% of the other requests have a finding of Warning or above, 10% of Notice', () => {
  expect(noise('Warning')).toBeLessThanOrEqual(0.01)
  expect(noise('Notice')).toBeLessThanOrEqual(0.1)
})
