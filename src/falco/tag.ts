/** Tags that are about guardrails begin with it, whatever the policy. */
const TAG = 'parapet'

/** The tag of rules that say the same as a guardrail. */
export function guardrailTag(id: string): string {
  return `${TAG}_${id}`
}

/** The tag of rules that hold for more than their guardrails do. */
export const WIDENED_TAG: string = `${TAG}_widened`
