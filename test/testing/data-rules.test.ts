import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admit } from '../../src/engine/admission.ts'
import type { ProvedEvent } from '../../src/audit/proved.ts'
import { loadRules } from '../../src/falco/index.ts'
import type { Json } from '../../src/residual/residual.ts'
import { DataRules } from '../../src/testing/data-rules.ts'
import { FalcoEngine } from '../../src/testing/falco-engine.ts'
import { FalcoRival } from '../../src/testing/falco-rival.ts'
import type { JsonObject } from '../../src/text/json.ts'
import { standardSchema } from '../../src/toolchain/standard.ts'
import { eventLine } from '../support/cli.ts'
import { compilePack, type Pack } from '../support/pack.ts'
import { hasToolchain } from '../toolchain/support.ts'

/** What a rules file may hold of these guardrails; it is not asked about other data. */
const RULES = ['break-glass-used', 'account-used-outside', 'outside-business-hours']
  .map(
    (id) =>
      `- rule: ${id}\n  desc: One.\n  condition: ka.verb = never\n  output: One.\n` +
      `  priority: NOTICE\n  source: k8s_audit\n  tags: [parapet_${id}]\n`,
  )
  .join('\n')

function event(fields: JsonObject): ProvedEvent {
  const bytes = Buffer.from(eventLine(fields))
  return admit(bytes, 0, bytes.length, () => {})!
}

describe.skipIf(!hasToolchain)('a guardrail’s rule for the data of a case', () => {
  let pack: Pack
  let rival: FalcoRival
  beforeAll(async () => {
    pack = await compilePack()
    const { guardrails, residuals } = pack.compiled
    const schema = (await standardSchema()) as Json
    const { compilation } = loadRules([{ file: 'rules.yaml', text: RULES }])
    const dataRules = new DataRules({ guardrails, residuals, data: pack.data as Json, schema })
    rival = new FalcoRival(new FalcoEngine(compilation!), dataRules, guardrails)
  })
  afterAll(() => pack?.toolchain.close())

  /** How it is compared, and how often the rule fires. */
  async function asked(id: string, event: ProvedEvent, data: JsonObject): Promise<unknown> {
    const guardrail = pack.compiled.guardrails.find((one) => one.id === id)!
    const question = { subject: { kind: 'guardrail', guardrail } as const, event, data }
    const judged = { question, verdict: { matches: [] }, file: 'x', line: 1 }
    const relation = rival.relation(guardrail, judged)
    if (!relation) return undefined
    const [verdict] = await rival.engine.answer([question])
    const found = 'matches' in verdict! ? verdict.matches.filter(({ rule }) => rule === id) : []
    return [relation, found.length]
  }

  test('has its lists', async () => {
    const used = event({ user: { username: 'emergency' } })
    const accounts = (...names: string[]): JsonObject => ({
      org: { users: { break_glass: names } },
    })
    expect(await asked('break-glass-used', used, accounts('emergency'))).toEqual(['fires', 1])
    expect(await asked('break-glass-used', used, accounts('other'))).toEqual(['fires', 0])
  })

  test('has data that no list stands for', async () => {
    const user = { username: 'system:serviceaccount:shop:web' }
    const outside = event({ user, sourceIPs: ['203.0.113.9'] })
    const networks = (...all: string[]): JsonObject => ({ org: { networks: all } })
    expect(await asked('account-used-outside', outside, networks('10.0.0.0/8'))).toEqual([
      'fires',
      1,
    ])
    expect(await asked('account-used-outside', outside, networks('203.0.113.0/24'))).toEqual([
      'fires',
      0,
    ])
  })

  test('is not compared where none is made', async () => {
    const data = { org: { hours: { zone: 'Z', days: ['Mon'], from: '07:00', to: '20:00' } } }
    expect(await asked('outside-business-hours', event({}), data)).toBeUndefined()
  })
})
