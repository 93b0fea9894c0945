/** The documentation pages of the codes of `parapet falco check`, and their index. */
import type { CheckCode, CodePage } from '../falco/index.ts'

const GENERATED =
  '<!-- Generated; `npx vitest run test/report/falco-codes.test.ts -u` writes it anew. -->'

/** A page in Markdown. */
export function falcoCodePage(code: CheckCode, page: CodePage): string {
  const parts = [GENERATED, `# ${code}`, `${word(page)}: ${page.title}.`, page.about]
  if (page.bad !== undefined) parts.push('## Example', yaml(page.bad))
  parts.push('## What to do', page.fix)
  if (page.good !== undefined) parts.push(yaml(page.good))
  return `${parts.join('\n\n')}\n`
}

/** All codes in two tables: Falco's own, and what Parapet finds beyond. */
export function falcoCodeIndex(pages: Readonly<Record<CheckCode, CodePage>>): string {
  const codes = Object.keys(pages) as CheckCode[]
  const table = (some: readonly CheckCode[]): string =>
    ['| Code | | |', '|---|---|---|', ...some.map((code) => row(code, pages[code]))].join('\n')
  const parts = [
    GENERATED,
    '# Codes of `parapet falco check`',
    'Errors make the exit code 1. Each page has an example, which a test runs.',
    '## Beyond Falco',
    table(codes.filter((code) => code.startsWith('FALCO_'))),
    '## As Falco gives them',
    table(codes.filter((code) => !code.startsWith('FALCO_'))),
  ]
  return `${parts.join('\n\n')}\n`
}

function row(code: CheckCode, page: CodePage): string {
  return `| [${code}](${code}.md) | ${word(page)} | ${page.title.replaceAll('|', '\\|')} |`
}

function word({ severity }: CodePage): string {
  return { error: 'Error', warning: 'Warning', info: 'Info' }[severity]
}

function yaml(text: string): string {
  return `\`\`\`yaml\n${text.trimEnd()}\n\`\`\``
}
