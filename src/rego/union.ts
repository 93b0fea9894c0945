/**
 * The union of all guardrails. It cannot be written generically in Rego: `data.guardrails[c][n]`
 * inside package `guardrails` is recursion, and a union for each category would silently lose
 * `guardrails.custom.mine`. So it is generated, one line for each guardrail, for every policy.
 */
import type { GuardrailMetadata } from './metadata.ts'

/** Where the generated module stands inside a policy's folder and bundle. */
export const UNION_PATH = 'guardrails/union.rego'
/** The decision that everyone asks for. */
export const UNION_ENTRYPOINT = 'guardrails/violations'
/** The union of the guardrails that every WASM SDK decides alike. */
export const PORTABLE_ENTRYPOINT = 'guardrails/portable'

type Member = Pick<GuardrailMetadata, 'package' | 'portable'>

/** The text of package `guardrails`; the same guardrails give the same bytes, in any order. */
export function unionModule(guardrails: readonly Member[]): string {
  const members = guardrails.toSorted((a, b) => (a.package < b.package ? -1 : 1))
  return [
    '# Generated from the guardrails beside it; do not edit.',
    'package guardrails',
    ...rule('violations', members),
    ...rule(
      'portable',
      members.filter((member) => member.portable),
    ),
  ]
    .join('\n')
    .concat('\n')
}

/** A set's lines; an empty set is said outright, because a rule without lines does not exist. */
function rule(name: string, members: readonly Member[]): string[] {
  if (members.length === 0) return ['', `${name} := set()`]
  return members.flatMap((member) => [
    '',
    `${name} contains violation if some violation in data.${member.package}.violation`,
  ])
}
