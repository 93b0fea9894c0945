import type { GuardrailMetadata } from '../rego/metadata.ts'
import { objectOf, textOf } from '../text/json.ts'

/**
 * What a guardrail says of its Falco rule in METADATA `custom.falco`: that the rule decides the same
 * (`exact`, and `manual` where it is written by hand), that it may match more (`widen`), or that there
 * is none.
 */
export interface FalcoIntent {
  readonly mode: 'exact' | 'widen' | 'manual' | 'none'
  /** Name of the rule; by default that with the tag `parapet_<id>`. */
  readonly rule?: string
}

const MODES = ['exact', 'widen', 'manual', 'none'] as const

export function falcoIntent({ custom }: Pick<GuardrailMetadata, 'custom'>): FalcoIntent {
  const { mode, rule } = objectOf(custom['falco'])
  const name = textOf(rule)
  return {
    mode: MODES.find((known) => known === mode) ?? 'exact',
    ...(name === null ? {} : { rule: name }),
  }
}
