/** Falco's scale, which Parapet uses for guardrails too; most urgent first. */
export const priorities = [
  'Emergency',
  'Alert',
  'Critical',
  'Error',
  'Warning',
  'Notice',
  'Informational',
  'Debug',
] as const

export type Priority = (typeof priorities)[number]

/** True when `a` is as urgent as `b` or more. */
export function atLeast(a: Priority, b: Priority): boolean {
  return priorities.indexOf(a) <= priorities.indexOf(b)
}

/** Reads a priority as Falco does: any case, `Info` for Informational. */
export function parsePriority(text: string): Priority | undefined {
  const wanted = text.toLowerCase() === 'info' ? 'informational' : text.toLowerCase()
  return priorities.find((priority) => priority.toLowerCase() === wanted)
}
