/** The documentation page of a guardrail, and the index of all pages, from METADATA alone. */
import type { GuardrailMetadata } from '../rego/metadata.ts'
import { textOf } from '../text/json.ts'
import { priorities } from '../text/priority.ts'
import { tacticsOf, techniquesOf } from './attack.ts'

const frameworks: Readonly<Record<string, string>> = { soc2: 'SOC 2', hipaa: 'HIPAA', gdpr: 'GDPR' }

/** A page in Markdown. Sections are left out where METADATA has nothing for them. */
export function guardrailPage(guardrail: GuardrailMetadata, ids: readonly string[] = []): string {
  const { custom, references } = guardrail
  const sections: readonly (readonly [heading: string, text: string])[] = [
    ['Why it matters', textOf(custom['why']) ?? ''],
    ['Benign activity that looks like it', textOf(custom['benign']) ?? ''],
    ['Evasions, and what is not seen', textOf(custom['evasions']) ?? ''],
    ['ATT&CK', attackText(guardrail.tags)],
    ['Controls', controlsText(guardrail.controls)],
    [
      'References',
      references.map(({ ref, description }) => `- [${description ?? ref}](${ref})`).join('\n'),
    ],
  ]
  const parts = [
    '<!-- Generated from METADATA; `npx vitest run test/pack/docs.test.ts -u` writes it anew. -->',
    `# ${guardrail.title}`,
    `\`${guardrail.id}\` · ${guardrail.priority} · [source](../../${guardrail.file})`,
    guardrail.description,
  ]
  for (const [heading, text] of sections) {
    if (text.trim() !== '') parts.push(`## ${heading}`, linked(text.trim(), guardrail.id, ids))
  }
  return `${parts.join('\n\n')}\n`
}

/** The index: a table for each category, most urgent first. */
export function guardrailIndex(guardrails: readonly GuardrailMetadata[]): string {
  const parts = [
    '<!-- Generated from METADATA; `npx vitest run test/pack/docs.test.ts -u` writes it anew. -->',
    '# Guardrails',
    `${guardrails.length} guardrails are built in. What is normal in your organisation is data: see [org/data.yaml](../../rego/org/data.yaml). What the controls are: see [controls](../controls.md).`,
  ]
  for (const category of new Set(guardrails.map(categoryOf))) {
    const rows = guardrails
      .filter((guardrail) => categoryOf(guardrail) === category)
      .toSorted(byUrgency)
      .map(({ id, title, priority, description }) =>
        row(`[${id}](${id}.md)`, priority, title, description),
      )
    const head = [row('Guardrail', 'Priority', 'Title', 'Reports'), '| --- | --- | --- | --- |']
    parts.push(`## ${category}`, [...head, ...rows].join('\n'))
  }
  return `${parts.join('\n\n')}\n`
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((text) => text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')).join(' | ')} |`
}

function byUrgency(a: GuardrailMetadata, b: GuardrailMetadata): number {
  return priorities.indexOf(a.priority) - priorities.indexOf(b.priority) || (a.id < b.id ? -1 : 1)
}

/** `workloads` of `guardrails.workloads.pod_exec`. */
function categoryOf(guardrail: GuardrailMetadata): string {
  return guardrail.package.split('.')[1] ?? ''
}

function attackText(tags: readonly string[]): string {
  const tactics = tacticsOf(tags).map(({ name }) => name)
  const techniques = techniquesOf(tags).map(
    (id) => `[${id}](https://attack.mitre.org/techniques/${id.replace('.', '/')}/)`,
  )
  if (tactics.length + techniques.length === 0) return ''
  return `Tactics: ${tactics.join(', ')}. Techniques: ${techniques.join(', ')}.`
}

function controlsText(controls: GuardrailMetadata['controls']): string {
  const lines = Object.entries(controls).map(
    ([framework, list]) => `- ${frameworks[framework] ?? framework}: ${list.join(', ')}`,
  )
  return lines.length === 0
    ? ''
    : `${lines.join('\n')}\n\nWhat they ask for: [controls](../controls.md).`
}

/** Other guardrails that a text names (`see token-requested`) become links to their pages. */
function linked(text: string, own: string, ids: readonly string[]): string {
  // A name of one word may be just that word.
  const others = new Set(ids.filter((id) => id !== own && id.includes('-')))
  return text.replaceAll(/(?<![\w`/[-])[a-z]+(?:-[a-z]+)+(?![\w-])/g, (name) =>
    others.has(name) ? `[${name}](${name}.md)` : name,
  )
}
