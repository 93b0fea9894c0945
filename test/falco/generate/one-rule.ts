import { readFileSync } from 'node:fs'
import path from 'node:path'
import {
  type DescribedGuardrail,
  type Generated,
  generateRules,
  type Outcome,
  rulesFile,
} from '../../../src/falco/generate/index.ts'
import { loadRules, Ruleset } from '../../../src/falco/index.ts'
import type { Json, Residual } from '../../../src/residual/residual.ts'
import type { Saying } from '../../../src/residual/message.ts'
import { root } from '../../support/cli.ts'

export const schema: Json = JSON.parse(
  readFileSync(path.join(root, 'rego/schemas/audit_event.json'), 'utf8'),
) as Json

export interface OneRule {
  readonly outcome: Outcome
  /** The rules file. */
  readonly text: string
  readonly lists: Generated['lists']
  /** The rule fires on an event with these fields. */
  readonly fires: (event: { readonly [name: string]: Json }) => boolean
}

interface Given {
  readonly mode?: DescribedGuardrail['falco']
  readonly data?: Json
  readonly messages?: readonly Saying[]
  /** A rules file that is loaded behind the generated one. */
  readonly overrides?: string
  readonly shared?: Parameters<typeof generateRules>[0]['shared']
}

/** The rule of a guardrail with this residual. */
export function ruleOf(
  residual: Residual,
  { mode, data = {}, overrides = '', shared = [], messages = [] }: Given = {},
): OneRule {
  const guardrail: DescribedGuardrail = {
    id: 'one',
    package: 'guardrails.some.one',
    title: 'One',
    description: 'One.',
    priority: 'Notice',
    tags: [],
    falco: mode ?? { mode: 'exact' },
  }
  const generated = generateRules({
    guardrails: [guardrail],
    residuals: [{ entrypoint: 'guardrails/some/one/violation', residual, reads: [], pure: true }],
    messages: [messages],
    shared,
    data,
    schema,
    prefix: 'parapet',
  })
  const text = rulesFile(generated)
  const { compilation, diagnostics } = loadRules([
    { file: 'rules.yaml', text },
    { file: 'overrides.yaml', text: overrides },
  ])
  if (!compilation) throw new Error(`${diagnostics[0]!.message}\n${text}`)
  const rules = new Ruleset(compilation)
  return {
    outcome: generated.outcomes[0]!,
    text,
    lists: generated.lists,
    fires: (event) => {
      const whole = {
        kind: 'Event',
        auditID: 'a',
        stageTimestamp: '2026-11-24T10:00:01.000000Z',
        ...event,
      }
      return rules.evaluate(Buffer.from(JSON.stringify(whole))).length > 0
    },
  }
}

/** The condition of that rule, on one line. */
export function conditionOf(residual: Residual, given?: Given): string {
  const { text } = ruleOf(residual, given)
  const [, condition] = /- rule: One\n[^]*?condition: (?:>\n)?([^]*?)\n {2}output/.exec(text) ?? []
  return (condition ?? '').replaceAll(/\s+/g, ' ').trim()
}

/** Why there is no rule. */
export function reasonFor(residual: Residual, given?: Given): string {
  const { outcome } = ruleOf(residual, given)
  return outcome.kind === 'refused' ? outcome.losses[0]!.reason : outcome.kind
}
