/** What became of guardrails, for people. */
import { residualText } from '../../residual/text.ts'
import type { Expr } from '../condition/ast.ts'
import { printCondition } from '../condition/print.ts'
import { readCondition } from '../format/condition.ts'
import { lines } from '../format/layout.ts'
import type { Outcome } from './generate.ts'
import type { FixedData } from './fixed-data.ts'
import type { Loss } from './notes.ts'

/** One line: what there is, or why there is nothing. */
export function outcomeText(outcome: Outcome): string {
  const { guardrail, kind } = outcome
  const reason = reasonOf(outcome)
  const what = {
    exact: 'exact',
    widened: 'wider than the guardrail',
    manual: `see the rule \`${guardrail.falco.rule}\``,
    none: 'no rule',
    off: 'no rule',
    refused: 'cannot be expressed',
  }[kind]
  return `${guardrail.id}: ${what}${reason === '' ? '' : `: ${reason}`}`
}

/** Why a rule is not there, or not exact; empty where it is, for whatever data. */
export function reasonOf(outcome: Outcome): string {
  const { guardrail, kind, losses, fixed } = outcome
  const stated = guardrail.falco.reason?.replaceAll(/\s+/g, ' ')
  switch (kind) {
    case 'exact':
      return conditionsOf(outcome)
    case 'off':
      return fixed.length > 0
        ? `there is nothing to find ${fixedTexts(fixed).join('')}`
        : 'there is nothing to find in events that fit the schema'
    case 'refused':
      return stated ?? [losses.map(lossText).join('; '), ...fixedTexts(fixed)].join(' ')
    case 'widened':
      return stated ?? losses.map(lossText).join('; ')
    case 'manual':
      return stated ?? `the rule \`${guardrail.falco.rule}\` is written by hand`
    case 'none':
      return stated ?? ''
  }
}

/** On what a rule depends besides the event; empty where on nothing. */
export function conditionsOf({ fixed, assumed }: Outcome): string {
  const types = assumed.length > 0 ? [`if ${assumed.join(' and ')}`] : []
  return [...fixedTexts(fixed), ...types].join(', ')
}

/** `with data.org.networks (empty) as the policy has it`; none where the rule is for whatever data. */
function fixedTexts(fixed: readonly FixedData[]): readonly string[] {
  if (fixed.length === 0) return []
  const all = fixed.map(({ path, lack }) => (lack ? `${path} (${lack})` : path))
  return [`with ${all.join(', ')} as the policy has it`]
}

/** The reason and the line of Rego. */
function lossText({ reason, place }: Loss): string {
  return place ? `${reason} (${place.file}:${place.row})` : reason
}

/** Everything about one guardrail: what it comes to, the condition, and what was lost. */
export function explainOutcome(outcome: Outcome): string {
  const { guardrail, residual, rule, losses } = outcome
  const parts = [
    `${guardrail.title} (${guardrail.id})`,
    indented('holds where', residualText(residual)),
    ...(rule ? [indented('condition', conditionText(rule.condition))] : []),
    indented('outcome', outcomeText(outcome)),
    ...(losses.length > 0 ? [indented('left out', losses.map(lossText).join('\n'))] : []),
  ]
  return `${parts.join('\n')}\n`
}

const WIDTH = 96

/** Laid out as in a rules file. */
function conditionText(condition: Expr): string {
  const text = printCondition(condition)
  const read = readCondition(text)
  return read ? lines(read.group, WIDTH).join('\n') : text
}

function indented(heading: string, text: string): string {
  return `  ${heading}:\n${text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}`
}
