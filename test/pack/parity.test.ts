import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admit } from '../../src/engine/admission.ts'
import type { ProvedEvent } from '../../src/audit/proved.ts'
import { Policy } from '../../src/rego/policy.ts'
import { auditLogs, corpusMissing, logLines } from '../support/logs.ts'
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
  return logLines(file).flatMap((line) => admit(line, 0, line.length, () => {}) ?? [])
}

if (corpusMissing()) process.stdout.write(`only the recording: ${corpusMissing()}\n`)

describe.each(auditLogs())('WASM and OPA’s own evaluator agree on %s', (_name, file) => {
  test('for every guardrail and event', async () => {
    const events = admitted(file)
    for (const { entrypoint } of pack.compiled.guardrails) {
      const id = policy.entrypoint(entrypoint)
      const query = `data.${entrypoint.replaceAll('/', '.')}`
      const reference = await pack.toolchain.prepare(pack.compiled.policy, query)
      const answers = await reference.evaluate(events)
      await reference.close()
      for (const [index, event] of events.entries()) {
        const answer = answers[index]!
        expect(answer.diagnostics, `${entrypoint}, event ${index}`).toEqual([])
        expect(asSet(policy.decide(id, event)), `${entrypoint}, event ${index}`).toEqual(
          asSet(answer.value),
        )
      }
    }
  }, 300_000)
})
