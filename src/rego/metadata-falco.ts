import { type JsonObject, objectOf, textOf } from '../text/json.ts'
import { nearest } from '../text/nearest.ts'

/** How a guardrail becomes a Falco rule. */
const falcoModes = ['exact', 'widen', 'manual', 'none'] as const
export type FalcoMode = (typeof falcoModes)[number]

/** METADATA `custom.falco`. */
export interface FalcoWish {
  /**
   * `exact`: a rule that fires on the same events, or none. `widen`: one that may fire on more.
   * `manual`: a rule that is written by hand. `none`: no rule.
   */
  readonly mode: FalcoMode
  /** The name of the rule that is written by hand; for `manual` only, and always there then. */
  readonly rule?: string
  /** Why it is not `exact`; always there for `none`. */
  readonly reason?: string
}

export interface FalcoWishProblem {
  readonly message: string
  readonly help: string
}

/** Reads `custom.falco`; a guardrail without it wants an exact rule. */
export function readFalcoWish(value: unknown): FalcoWish | FalcoWishProblem {
  if (value === undefined) return { mode: 'exact' }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = '`custom.falco` in METADATA is not a mapping'
    return { message, help: 'give `falco: {mode: none, reason: …}`' }
  }
  const fields = value as JsonObject
  const unknown = Object.keys(fields).find((name) => !['mode', 'rule', 'reason'].includes(name))
  if (unknown !== undefined) {
    const meant = nearest(unknown, ['mode', 'rule', 'reason'])
    return {
      message: `unknown field \`${unknown}\` in \`custom.falco\``,
      help: meant ? `did you mean \`${meant}\`?` : 'its fields are `mode`, `rule` and `reason`',
    }
  }
  return readFields(objectOf(fields))
}

function readFields(fields: JsonObject): FalcoWish | FalcoWishProblem {
  const given = fields['mode'] ?? 'exact'
  const mode = falcoModes.find((known) => known === given)
  if (!mode) {
    const text = textOf(given)
    const meant = text === null ? undefined : nearest(text, falcoModes)
    return {
      message: `unknown mode \`${text ?? JSON.stringify(given)}\` in \`custom.falco\``,
      help: meant ? `did you mean \`${meant}\`?` : `one of ${falcoModes.join(', ')}`,
    }
  }
  const rule = textOf(fields['rule'])?.trim()
  const reason = textOf(fields['reason'])?.trim()
  if (mode === 'manual' && !rule) {
    return {
      message: 'mode `manual` in `custom.falco` names no rule',
      help: 'add `rule:` with the name of the rule that is written by hand',
    }
  }
  if (mode !== 'manual' && rule) {
    return {
      message: `mode \`${mode}\` in \`custom.falco\` goes with no \`rule\``,
      help: 'a generated rule is named by the title; `mode: manual` names one that is written by hand',
    }
  }
  if (mode === 'none' && !reason) {
    return {
      message: 'mode `none` in `custom.falco` has no reason',
      help: 'add `reason:` with what Falco cannot express',
    }
  }
  return { mode, ...(rule ? { rule } : {}), ...(reason ? { reason } : {}) }
}
