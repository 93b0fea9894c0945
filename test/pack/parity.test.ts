import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admit } from '../../src/engine/admission.ts'
import type { ProvedEvent } from '../../src/audit/proved.ts'
import { Policy } from '../../src/rego/policy.ts'
import { auditEvents, auditLogs, corpusMissing } from '../support/logs.ts'
import { compilePack, type Pack } from '../support/pack.ts'

let pack: Pack
let policy: Policy

beforeAll(async () => {
  pack = await compilePack()
  policy = await Policy.load(pack.compiled.wasm, { data: pack.data })
})
afterAll(() => pack.toolchain.close())

/** Sets are compared without order. */
function asSet(violations: unknown): string[] {
  return ((violations ?? []) as unknown[])
    .map((violation) => JSON.stringify(sorted(violation)))
    .sort()
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function admitted(file: string): ProvedEvent[] {
  return auditEvents(file).flatMap((bytes) => admit(bytes, 0, bytes.length, () => {}) ?? [])
}

if (corpusMissing()) process.stdout.write(`only the recording: ${corpusMissing()}\n`)

describe.each(auditLogs())('WASM and OPA’s own evaluator agree on %s', (_name, file) => {
  test('for every guardrail and event', async () => {
    const events = admitted(file)
    const entrypoints = pack.compiled.guardrails.map((guardrail) => guardrail.entrypoint)
    // One object of all guardrails, so that OPA reads each event once.
    const members = entrypoints.map((path) => `"${path}": data.${path.replaceAll('/', '.')}`)
    const reference = await pack.toolchain.prepare(pack.compiled.policy, `{${members.join(', ')}}`)
    const answers = await reference.evaluate(events)
    await reference.close()
    const wrong: string[] = []
    for (const [index, event] of events.entries()) {
      const { diagnostics, value } = answers[index]!
      if (diagnostics.length > 0) wrong.push(`event ${index}: ${diagnostics[0]!.message}`)
      for (const path of entrypoints) {
        const ours = asSet(policy.decide(policy.entrypoint(path), event))
        const theirs = asSet((value as Record<string, unknown> | undefined)?.[path])
        if (ours.join() !== theirs.join()) wrong.push(`${path}, event ${index}`)
      }
    }
    expect(events.length).toBeGreaterThan(10)
    expect(wrong).toEqual([])
  }, 300_000)
})
