import { strict as assert } from 'node:assert'
import { EventSplitter } from '../../src/audit/split.ts'
import type { Evaluator } from '../../src/engine/evaluator.ts'
import { GuardrailEvaluator } from '../../src/engine/guardrails.ts'
import { Matcher } from '../../src/engine/matcher.ts'
import { Policy } from '../../src/rego/policy.ts'
import { bindGuardrails } from '../../src/residual/bind.ts'
import type { Json, Residual } from '../../src/residual/residual.ts'
import type { Evaluator as Query } from '../../src/toolchain/evaluator.ts'
import type { CompiledGuardrails } from '../../src/toolchain/guardrails.ts'
import type { Toolchain } from '../../src/toolchain/toolchain.ts'

const CLOCK = 1_764_000_000_000_000_000n

/** Guardrails with some data, in Parapet with and without its index, and in OPA's own evaluator. */
export class ThreeWays {
  /** Of the guardrails, with the data put in. */
  readonly residuals: readonly Residual[]
  /** Events on which OPA's evaluator found something, and all. */
  readonly tally: { found: number; events: number } = { found: 0, events: 0 }
  readonly #evaluator: Evaluator
  readonly #query: Query

  private constructor(evaluator: Evaluator, residuals: readonly Residual[], query: Query) {
    this.#evaluator = evaluator
    this.residuals = residuals
    this.#query = query
  }

  static async open(
    toolchain: Toolchain,
    compiled: CompiledGuardrails,
    data: Json,
  ): Promise<ThreeWays> {
    const { wasm, guardrails, policy: sources } = compiled
    const residuals = bindGuardrails(compiled.residuals, data)
    const policy = await Policy.load(wasm, { data, clock: () => CLOCK })
    const evaluator = new GuardrailEvaluator('test', policy, guardrails, () => residuals, data)
    const { modules } = sources
    const query = await toolchain.prepare({ modules, data }, 'data.guardrails.violations')
    const bound = residuals.map(({ residual }) => residual)
    return new ThreeWays(evaluator, bound, query)
  }

  close(): Promise<void> {
    return this.#query.close()
  }

  /** Fails where the three do not find the same in some events, given as JSON texts. */
  async check(events: readonly string[], explain: string): Promise<void> {
    const lines = events.map(asAuditEvent)
    const answers = await this.#query.evaluate(lines.map((line) => Buffer.from(line)))
    const indexed = this.#scan(lines, true)
    assert.deepEqual(indexed, this.#scan(lines, false), `with the index: ${explain}`)
    for (const [i, { value, diagnostics }] of answers.entries()) {
      // Two values of one rule: OPA has no answer.
      if (diagnostics.length > 0) continue
      const found = ((value ?? []) as { id: string; message: string }[]).map(textOf).sort()
      this.tally.events++
      if (found.length > 0) this.tally.found++
      assert.deepEqual(indexed.get(i + 1) ?? [], found, `in OPA: ${explain}\n${lines[i]}`)
    }
  }

  /** What a scan of these lines finds, by line. */
  #scan(lines: readonly string[], index: boolean): ReadonlyMap<number, string[]> {
    const found = new Map<number, string[]>()
    const add = (line: number, text: string): void => {
      found.set(line, [...(found.get(line) ?? []), text].sort())
    }
    const matcher = new Matcher(
      [this.#evaluator],
      { redact: false, index },
      {
        events() {},
        match: ({ match: { rule, message } }, _facts, _file, line) =>
          add(line, textOf({ id: rule, message })),
        incomplete: ({ code }, _file, line) => add(line, code),
      },
    )
    const splitter = new EventSplitter(matcher.sink('log'), { file: 'log' })
    splitter.push(Buffer.from(lines.map((line) => `${line}\n`).join('')))
    splitter.end()
    return found
  }
}

/** Scans refuse what does not say that it is one. */
function asAuditEvent(text: string): string {
  const names = { kind: 'Event', apiVersion: 'audit.k8s.io/v1' }
  return JSON.stringify({ ...names, ...(JSON.parse(text) as object), ...names })
}

/** An object in a message: OPA's WASM prints its members in another order than OPA in Go. */
function textOf({ id, message }: { readonly id: string; readonly message: string }): string {
  return `${id}: ${message.includes('{') ? [...message].toSorted().join('') : message}`
}
