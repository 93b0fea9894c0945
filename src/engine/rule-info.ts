import type { Priority } from '../text/priority.ts'

/** What reports say of a guardrail or Falco rule besides its findings. */
export interface RuleInfo {
  /** Guardrail id or Falco rule name. */
  readonly id: string
  readonly engine: 'rego' | 'falco'
  readonly title: string
  readonly description: string
  readonly priority: Priority
  readonly tags: readonly string[]
  /** By framework: `{soc2: ["CC6.1"]}`. */
  readonly controls: Readonly<Record<string, readonly string[]>>
  readonly references: readonly { readonly ref: string; readonly description?: string }[]
  /** Longer explanations by heading, such as why it matters and what benign activity looks like it. */
  readonly notes: Readonly<Record<string, string>>
}
