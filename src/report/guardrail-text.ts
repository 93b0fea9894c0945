import type { GuardrailMetadata } from '../rego/metadata.ts'
import { priorities } from '../text/priority.ts'
import { priorityStyle } from './pretty.ts'
import type { Paint } from './reporter.ts'
import { countText } from './words.ts'

/** Width that explanations are broken at, in characters. */
const WIDTH = 96

const headings: readonly (readonly [key: string, heading: string])[] = [
  ['why', 'Why it matters'],
  ['benign', 'Benign activity that looks like it'],
  ['evasions', 'Evasions'],
]

/** One line for each guardrail, most urgent first. */
export function guardrailList(guardrails: readonly GuardrailMetadata[], paint: Paint): string {
  const sorted = [...guardrails].sort(
    (a, b) =>
      priorities.indexOf(a.priority) - priorities.indexOf(b.priority) || (a.id < b.id ? -1 : 1),
  )
  const priorityWidth = Math.max(...sorted.map(({ priority }) => priority.length))
  const idWidth = Math.max(...sorted.map(({ id }) => id.length))
  const lines = sorted.map(({ id, title, priority }) => {
    const level = paint(priorityStyle(priority), priority.padEnd(priorityWidth))
    return `${level}  ${paint('strong', id.padEnd(idWidth))}  ${title}`
  })
  return `${lines.join('\n')}\n\n${countText(sorted.length, 'guardrail')}\n`
}

/** A guardrail with everything that its METADATA says. */
export function guardrailText(guardrail: GuardrailMetadata, paint: Paint): string {
  const { id, title, description, priority, tags, controls, references, custom, entrypoint } =
    guardrail
  const notes = headings.flatMap(([key, heading]) => {
    const text = custom[key]
    return typeof text === 'string' ? ['', paint('strong', heading), wrap(text)] : []
  })
  const served = Object.entries(controls).map(([name, ids]) => `  ${name}: ${ids.join(', ')}`)
  return [
    `${paint('strong', title)}  ${paint('dim', id)}`,
    `${paint(priorityStyle(priority), priority)}  ${tags.join(', ')}`,
    '',
    wrap(description),
    ...notes,
    ...(served.length > 0 ? ['', paint('strong', 'Controls'), ...served] : []),
    ...(references.length > 0 ? ['', paint('strong', 'References')] : []),
    ...references.map(({ ref, description: text }) => `  ${text ? `${text}: ` : ''}${ref}`),
    '',
    paint('dim', `decision ${entrypoint}`),
    '',
  ].join('\n')
}

function wrap(text: string): string {
  const lines: string[] = ['']
  for (const word of text.trim().split(/\s+/)) {
    const line = lines.at(-1)!
    if (line === '') lines[lines.length - 1] = `  ${word}`
    else if (line.length + word.length + 1 > WIDTH) lines.push(`  ${word}`)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines.join('\n')
}
