/** What became of guardrails, for people. */
import { residualText } from '../../residual/text.ts'
import { printCondition } from '../condition/print.ts'
import type { Outcome } from './generate.ts'
import type { Loss } from './translate.ts'

/** One line: what there is, or why there is nothing. */
export function outcomeText({ guardrail, kind, losses, bound }: Outcome): string {
  const { id, falco } = guardrail
  const reason = falco.reason ? `: ${falco.reason.replaceAll(/\s+/g, ' ')}` : ''
  switch (kind) {
    case 'manual':
      return `${id}: see the rule \`${falco.rule}\`${reason}`
    case 'none':
      return `${id}${reason}`
    case 'off':
      return `${id}: there is nothing to find with ${bound.join(', ')} as the policy has it`
    case 'refused':
      return `${id}: cannot be expressed: ${losses.map(lossText).join('; ')}`
    case 'widened':
      return `${id}: wider than the guardrail: ${losses.map(lossText).join('; ')}`
    case 'exact':
      return `${id}: exact${bound.length > 0 ? `, with ${bound.join(', ')} as the policy has it` : ''}`
  }
}

/** The reason and the line of Rego. */
export function lossText({ reason, place }: Loss): string {
  return place ? `${reason} (${place.file}:${place.row})` : reason
}

/** Everything about one guardrail: what it comes to, the condition, and what was lost. */
export function explainOutcome(outcome: Outcome): string {
  const { guardrail, residual, rule } = outcome
  const parts = [
    `${guardrail.title} (${guardrail.id})`,
    indented('holds where', residualText(residual)),
    ...(rule ? [indented('condition', printCondition(rule.condition))] : []),
    indented('outcome', outcomeText(outcome)),
  ]
  return `${parts.join('\n')}\n`
}

function indented(heading: string, text: string): string {
  return `  ${heading}:\n${text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}`
}
