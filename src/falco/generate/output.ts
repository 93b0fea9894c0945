/** The output of a generated rule: what the guardrail looks at, as far as people want to read it. */
import type { Path } from '../../residual/residual.ts'

interface Shown {
  readonly label: string
  readonly field: string
  /** Beginnings of the paths that make it worth showing; none where it always is. */
  readonly when?: readonly (readonly string[])[]
}

/** In the order in which they are shown. */
const shown: readonly Shown[] = [
  { label: 'user', field: '%ka.user.name' },
  { label: 'as', field: '%ka.impuser.name', when: [['impersonatedUser']] },
  { label: 'groups', field: '%ka.user.groups', when: [['user', 'groups']] },
  { label: 'verb', field: '%ka.verb' },
  { label: 'uri', field: '%ka.uri', when: [['requestURI']] },
  { label: 'resource', field: '%ka.target.resource', when: [['objectRef']] },
  { label: 'subresource', field: '%ka.target.subresource', when: [['objectRef', 'subresource']] },
  { label: 'name', field: '%ka.target.name', when: [['objectRef']] },
  { label: 'ns', field: '%ka.target.namespace', when: [['objectRef']] },
  { label: 'resp', field: '%ka.response.code' },
  { label: 'from', field: '%jevt.value[/sourceIPs]' },
]

/** @param reads what the guardrail's conditions look at; its messages look at nearly everything */
export function outputOf(title: string, reads: readonly Path[]): string {
  const fields = shown
    .filter(({ when }) => !when || when.some((path) => reads.some((read) => covers(read, path))))
    .map(({ label, field }) => `${label}=${field}`)
  return `${title.replaceAll('%', '')} (${fields.join(' ')})`
}

/** The path that is read is this one, or stands above or below it. */
function covers({ steps }: Path, path: readonly string[]): boolean {
  return path.every((name, i) => i >= steps.length || steps[i] === name)
}
