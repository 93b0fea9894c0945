/**
 * The output of a generated rule: the guardrail's title, its message as far as Falco can say it, and
 * behind them what the guardrail looks at and the message leaves out, as far as people want to read it.
 */
import type { Saying } from '../../residual/message.ts'
import type { Path } from '../../residual/residual.ts'
import type { TypeOf } from '../../residual/typed.ts'
import { fieldAt } from './fields.ts'
import { ifExpressible } from './inexpressible.ts'
import { fieldText, outputText, textPiece } from './piece.ts'
import { sentenceOf } from './sentence.ts'

interface Shown {
  readonly label: string
  readonly field: string
  /** Beginnings of the paths that make it worth showing; none where it always is. */
  readonly when?: readonly (readonly string[])[]
  /** Not because a message may show it: it can hold commands and tokens, which messages leave out. */
  readonly isDelicate?: true
}

/** In the order in which they are shown. */
const shown: readonly Shown[] = [
  { label: 'user', field: '%ka.user.name' },
  { label: 'as', field: '%ka.impuser.name', when: [['impersonatedUser']] },
  { label: 'groups', field: '%ka.user.groups', when: [['user', 'groups']] },
  { label: 'verb', field: '%ka.verb' },
  { label: 'uri', field: '%ka.uri', when: [['requestURI']], isDelicate: true },
  { label: 'resource', field: '%ka.target.resource', when: [['objectRef']] },
  { label: 'subresource', field: '%ka.target.subresource', when: [['objectRef', 'subresource']] },
  { label: 'name', field: '%ka.target.name', when: [['objectRef']] },
  { label: 'ns', field: '%ka.target.namespace', when: [['objectRef']] },
  { label: 'resp', field: '%ka.response.code' },
  { label: 'from', field: '%jevt.value[/sourceIPs]' },
]

/**
 * @param reads what the guardrail's conditions look at; its messages look at nearly everything
 * @param types of what stands in events, to tell single values from whole objects
 */
export function outputOf(
  title: string,
  sayings: readonly Saying[],
  reads: readonly Path[],
  types: TypeOf,
): string {
  const { pieces, open, hidden } = sentenceOf(sayings)
  const said = new Set(
    pieces.flatMap((piece) => (piece.kind === 'field' ? [fieldText(piece)] : [])),
  )
  const usual = shown.filter(({ when, isDelicate }) => {
    const looked = isDelicate ? reads : [...reads, ...open, ...hidden]
    return !when || when.some((path) => looked.some((read) => covers(read, path)))
  })
  const others = hidden.flatMap((path) => labelled(path, types))
  const behind = new Map<string, string>()
  for (const { label, field } of [...usual, ...others])
    if (!said.has(field) && !behind.has(field)) behind.set(field, label)
  const fields = [...behind].map(([field, label]) => `${label}=${field}`)
  const sentence = pieces.length > 0 ? [textPiece(': '), ...pieces] : []
  return `${outputText([textPiece(title), ...sentence])} (${fields.join(' ')})`
}

/** The path that is read is this one, or stands above or below it. */
function covers({ steps }: Path, path: readonly string[]): boolean {
  return path.every((name, i) => i >= steps.length || steps[i] === name)
}

/** A single value in a body under its own name. */
function labelled(path: Path, types: TypeOf): readonly Shown[] {
  const label = path.steps.at(-1)
  const type = path.from === 'event' ? types(path.steps, 'event') : undefined
  if (typeof label !== 'string' || !/^\w+$/.test(label)) return []
  if (type === undefined || type === 'object' || type === 'array') return []
  const field = ifExpressible(() => fieldAt(path))
  return field ? [{ label, field: fieldText({ kind: 'field', field }) }] : []
}
