import { strict as assert } from 'node:assert'
import { bindData } from '../../src/residual/bind.ts'
import { holds } from '../../src/residual/holds.ts'
import type { Json, Residual } from '../../src/residual/residual.ts'
import { residualText } from '../../src/residual/text.ts'
import type { Evaluator } from '../../src/toolchain/evaluator.ts'
import type { Pack } from '../support/pack.ts'
import { matcher } from './matcher.ts'

/** How often a guardrail's residual and OPA had something to say. */
export interface Tally {
  found: number
  ruledOut: number
  open: number
}

/** The pack's residuals beside its guardrails in OPA's own evaluator, both with the same data. */
export class PackOracle {
  readonly residuals: readonly Residual[]
  readonly tallies: ReadonlyMap<string, Tally>
  readonly #pack: Pack
  readonly #query: Evaluator

  private constructor(pack: Pack, data: Json, query: Evaluator) {
    this.#pack = pack
    this.#query = query
    this.residuals = pack.compiled.residuals.map(({ residual }) => bindData(residual, data))
    this.tallies = new Map(
      pack.compiled.guardrails.map(({ id }) => [id, { found: 0, ruledOut: 0, open: 0 }]),
    )
  }

  static async open(pack: Pack, data: Json): Promise<PackOracle> {
    const { modules } = pack.compiled.policy
    const counts = pack.compiled.guardrails.map(
      (guardrail) => `${JSON.stringify(guardrail.id)}: count(data.${guardrail.package}.violation)`,
    )
    const query = await pack.toolchain.prepare({ modules, data }, `{${counts.join(', ')}}`)
    return new PackOracle(pack, data, query)
  }

  /** Fails where a residual rules out what OPA finds, or promises what OPA does not find. */
  async check(lines: readonly string[]): Promise<void> {
    const answers = await this.#query.evaluate(lines.map((line) => Buffer.from(line)))
    for (const [i, answer] of answers.entries()) {
      // Two values of one rule: OPA has no answer.
      if (answer.diagnostics.length > 0) continue
      const event = JSON.parse(lines[i]!) as Json
      const counts = answer.value as Readonly<Record<string, number>>
      for (const [g, { id }] of this.#pack.compiled.guardrails.entries()) {
        const said = holds(this.residuals[g]!, event, matcher)
        const found = counts[id]! > 0
        this.#count(id, found, said)
        if (said !== 'maybe') assert.equal(said, found ? 'yes' : 'no', this.#explain(g, lines[i]!))
      }
    }
  }

  #count(id: string, found: boolean, said: 'yes' | 'no' | 'maybe'): void {
    const tally = this.tallies.get(id)!
    if (found) tally.found += 1
    if (said === 'no') tally.ruledOut += 1
    if (said === 'maybe') tally.open += 1
  }

  #explain(guardrail: number, line: string): string {
    const { id } = this.#pack.compiled.guardrails[guardrail]!
    return `${id}\n${line}\n${residualText(this.residuals[guardrail]!)}`
  }

  close(): Promise<void> {
    return this.#query.close()
  }
}

/** Data in which every list of the organisation says something. */
export const filledData: Json = {
  org: {
    registries: ['registry.example.com', 'ghcr.io/ours/'],
    networks: ['10.0.0.0/8', '192.168.0.0/16'],
    hours: {
      zone: '+01:00',
      days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'],
      from: '07:00',
      to: '20:00',
    },
    users: { known: ['*@example.com', 'kubernetes-admin'], break_glass: ['fire', 'minikube-user'] },
    system_namespaces: ['kube-system', 'kube-public', 'monitoring'],
  },
}
