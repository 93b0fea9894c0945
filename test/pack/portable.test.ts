import { loadPolicy } from '@open-policy-agent/opa-wasm'
import { beforeAll, expect, test } from 'vitest'
import { Policy } from '../../src/rego/policy.ts'
import { admit } from '../../src/engine/admission.ts'
import { recording } from '../support/cli.ts'
import { logLines } from '../support/logs.ts'
import { compilePack, type Pack } from '../support/pack.ts'

let pack: Pack
beforeAll(async () => {
  pack = await compilePack()
  await pack.toolchain.close()
})

const asSet = (violations: unknown): string[] =>
  ((violations ?? []) as { id: string; message: string }[])
    .map(({ id, message }) => `${id}: ${message}`)
    .sort()

test('every guardrail is portable, or says why not', () => {
  const silent = pack.compiled.guardrails.filter(
    ({ portable, custom }) => !portable && typeof custom['portable_reason'] !== 'string',
  )
  expect(silent.map(({ id }) => id)).toEqual([])
})

test('the stock SDK decides guardrails/portable as Parapet does', async () => {
  const stock = await loadPolicy(pack.compiled.wasm)
  stock.setData(pack.data as object)
  const ours = await Policy.load(pack.compiled.wasm, { data: pack.data })
  const entrypoint = ours.entrypoint('guardrails/portable')
  let found = 0
  for (const line of logLines(recording)) {
    const event = admit(line, 0, line.length, () => {})!
    const decided = stock.evaluate(
      JSON.parse(Buffer.from(line).toString()),
      'guardrails/portable',
    ) as {
      result: unknown
    }[]
    const wanted = asSet(ours.decide(entrypoint, event))
    expect(asSet(decided[0]?.result)).toEqual(wanted)
    found += wanted.length
  }
  expect(found).toBeGreaterThan(50)
})
