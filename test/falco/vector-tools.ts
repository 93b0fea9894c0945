import { readFileSync } from 'node:fs'
import path from 'node:path'

/** What real Falco answered to one small experiment; see the README of the recording. */
export interface Vector {
  readonly kind: 'condition' | 'output' | 'rules'
  readonly section: string
  readonly title?: string
  readonly condition?: string
  readonly output?: string
  readonly rules?: string
  readonly mode?: 'all' | 'first'
  readonly events: readonly string[]
  readonly matches?: readonly string[]
  readonly text?: string
  readonly fields?: Readonly<Record<string, unknown>>
  readonly alerts?: readonly (readonly [auditID: string, rule: string])[]
  /** Falco's load error code. */
  readonly error?: string
}

export const vectors = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'vectors.json'), 'utf8'),
) as readonly Vector[]

/** The rules file of a vector. */
export function rulesOf({ rules, condition = 'evt.num >= 0', output = 'o' }: Vector): string {
  if (rules !== undefined) return rules
  return `- rule: R
  desc: d
  condition: ${JSON.stringify(condition)}
  output: ${JSON.stringify(output)}
  priority: INFO
  source: k8s_audit
`
}

/** How the answers name an event: by its auditID, else by its place. */
export function eventName(line: string, place: number): string {
  const { auditID } = JSON.parse(line) as { auditID?: unknown }
  return typeof auditID === 'string' ? auditID : `#${place}`
}

/** One alert as it came out here. */
export interface Alert {
  readonly event: string
  readonly rule: string
  readonly message: string
  readonly output_fields: unknown
}

/** Alerts in the form of the vector's answer. */
export function answerOf(vector: Vector, alerts: readonly Alert[]): unknown {
  switch (vector.kind) {
    case 'condition':
      return alerts.map(({ event }) => event)
    case 'output':
      return [alerts[0]?.message, alerts[0]?.output_fields]
    case 'rules':
      return alerts.map(({ event, rule }) => [event, rule])
  }
}

export function wantedAnswer(vector: Vector): unknown {
  switch (vector.kind) {
    case 'condition':
      return vector.matches
    case 'output':
      return [vector.text, vector.fields]
    case 'rules':
      return vector.alerts
  }
}

/** A name for tests: what the vector tries. */
export function titleOf(vector: Vector): string {
  const { section, title, condition, output } = vector
  return `${section}: ${title ?? condition ?? output ?? ''}`.slice(0, 160)
}
