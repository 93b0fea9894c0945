/**
 * What a guardrail says, as Falco can say it. An output of Falco has no conditions: where Rego chooses
 * what to say, the output has what the guardrail's own condition settles, else
 *
 *   - the key of a table of words, `create` for "created", or all its phrases (table-text.ts);
 *   - else what is usual: the first that shows something of the event, else the first.
 *
 * What decides then is left open, and stands behind the sentence with its value.
 */
import { knownFrom } from '../../residual/known.ts'
import type { MessagePart, MessageValue, Saying } from '../../residual/message.ts'
import { type Knowledge, possible } from '../../residual/possible.ts'
import { pathsRead } from '../../residual/reads.ts'
import { eventPath, type Path } from '../../residual/residual.ts'
import { either } from './either.ts'
import { fieldOfValue } from './message-field.ts'
import { GAP, type Piece, textPiece } from './piece.ts'
import { tableText } from './table-text.ts'
import { withUsual } from './usual.ts'

export interface Sentence {
  readonly pieces: readonly Piece[]
  /** What Rego looks at to choose what it says. */
  readonly open: readonly Path[]
  /** What Rego says something of that the sentence does not. */
  readonly hidden: readonly Path[]
}

/** Longest list of texts that may come up. */
const LISTED_MAX = 6

/** One sentence for all that a guardrail may say; no pieces where that is not known. */
export function sentenceOf(sayings: readonly Saying[]): Sentence {
  const when = sayings.flatMap((one) => one.when)
  const known = withUsual(knownFrom(when), when)
  const said = sayings.map(({ parts }) => say(parts, known))
  const isSilent = said.some(({ pieces }) => pieces.every(({ kind }) => kind === 'gap'))
  return { ...all(said), pieces: isSilent ? [] : either(said.map(({ pieces }) => pieces)) }
}

function say(parts: readonly MessagePart[], known: Knowledge): Sentence {
  return all(parts.map((part) => sayPart(part, known)))
}

function all(said: readonly Sentence[]): Sentence {
  return {
    pieces: said.flatMap(({ pieces }) => pieces),
    open: said.flatMap(({ open }) => open),
    hidden: said.flatMap(({ hidden }) => hidden),
  }
}

function only(...pieces: readonly Piece[]): Sentence {
  return { pieces, open: [], hidden: [] }
}

function gap(hidden: readonly Path[]): Sentence {
  return { pieces: [GAP], open: [], hidden }
}

function sayPart(part: MessagePart, known: Knowledge): Sentence {
  switch (part.kind) {
    case 'text':
      return part.text === '' ? only() : only(textPiece(part.text))
    case 'value':
      return sayValue(part)
    case 'choice':
      return choose(part.of, known)
    case 'list':
      return sayList(part.of, known)
    case 'unknown':
      return gap(part.reads)
  }
}

function sayValue(value: MessageValue): Sentence {
  const field = fieldOfValue(value)
  if (field) return only({ kind: 'field', field })
  const end = value.way.indexOf(null)
  const steps = end < 0 ? value.way : value.way.slice(0, end)
  return gap([eventPath(...steps.filter((step) => step !== null))])
}

function choose(sayings: readonly Saying[], known: Knowledge): Sentence {
  const left = sayings.filter(({ when }) => possible(when, known) !== 'no')
  const certain = left.find(({ when }) => possible(when, known) === 'yes')
  if (certain) return say(certain.parts, known)
  const said = left.map(({ when, parts }) => ({ when, ...say(parts, known) }))
  const [first] = said
  if (!first) return gap([])
  if (said.length === 1) return first
  const open = said.flatMap(({ when }) => pathsRead(when))
  const table = tableText(said)
  if (table) return { ...table, open }
  const usual = said.reduce((best, one) => (rank(one) < rank(best) ? one : best))
  return { ...usual, open: [...usual.open, ...open] }
}

/** What shows something of the event goes before what does not, and that before what Falco cannot say. */
function rank({ pieces }: Sentence): number {
  if (pieces.some(({ kind }) => kind === 'gap')) return 3
  if (pieces.some(({ kind }) => kind === 'field')) return 0
  return pieces.length > 0 ? 1 : 2
}

/** The field that lists what is listed, else the texts that may be. */
function sayList(sayings: readonly Saying[], known: Knowledge): Sentence {
  const left = sayings.filter(({ when }) => possible(when, known) !== 'no')
  const fields = left.flatMap(({ parts }) => valuesIn(parts)).map(sayValue)
  const field = fields.find(({ pieces }) => pieces[0]?.kind === 'field')
  if (field) return field
  const said = left.map(({ parts }) => say(parts, known))
  const areTexts = said.every(({ pieces }) => pieces.every(({ kind }) => kind === 'text'))
  if (areTexts && said.length > 0 && said.length <= LISTED_MAX)
    return only(...either(said.map(({ pieces }) => pieces)))
  return gap(all([...fields, ...said]).hidden)
}

function valuesIn(parts: readonly MessagePart[]): readonly MessageValue[] {
  return parts.flatMap((part): readonly MessageValue[] => {
    if (part.kind === 'value') return [part]
    return part.kind === 'choice' ? part.of.flatMap((one) => valuesIn(one.parts)) : []
  })
}
