/** What became of guardrails in Falco, as a table in Markdown. */
import { type Outcome, reasonOf } from '../falco/generate/index.ts'

const WORDS: Readonly<Record<Outcome['kind'], string>> = {
  exact: 'exact',
  widened: 'wider',
  manual: 'by hand',
  none: 'none',
  off: 'none',
  refused: 'none',
}

/** A row for each guardrail, in their order, and how many there are of each kind. */
export function falcoTable(outcomes: readonly Outcome[]): string {
  const count = (word: string): number => outcomes.filter(({ kind }) => WORDS[kind] === word).length
  const counts = [...new Set(Object.values(WORDS))]
    .filter((word) => count(word) > 0)
    .map((word) => `${word}: ${count(word)}`)
  const rows = outcomes.map((outcome) => {
    const { id } = outcome.guardrail
    const rule = outcome.rule?.name ?? outcome.guardrail.falco.rule ?? ''
    const cells = [`[${id}](../guardrails/${id}.md)`, WORDS[outcome.kind], rule, reasonOf(outcome)]
    return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
  })
  return [
    '<!-- Generated; `npx vitest run test/falco/generate/docs.test.ts -u` writes it anew. -->',
    '',
    '# Falco rules of the built-in guardrails',
    '',
    `${outcomes.length} guardrails (${counts.join(', ')}). What exact and wider mean: see [generate](generate.md).`,
    '',
    '| Guardrail | Rule | Name | Why |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}
