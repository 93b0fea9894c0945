import { inGroups } from '../../text/groups.ts'
import { type Piece, samePiece, textPiece, words } from './piece.ts'

/**
 * One sentence for several of which one is meant: what they begin and end with stands once, and what
 * lies between has an "or" between: `binds a or b to c`.
 */
export function either(sentences: readonly (readonly Piece[])[]): readonly Piece[] {
  const all = distinct(sentences.map(words))
  const [first] = all
  if (!first || all.length === 1) return first ?? []
  const { begin, middles, end } = apart(all)
  const telling = middles.filter((middle) => middle.some((piece) => !isEmpty(piece)))
  const filled = grouped(telling.length > 0 ? telling : middles.slice(0, 1)).map(trimmed)
  const joined = filled.flatMap((middle, i) => {
    if (i === 0) return middle
    const isLast = i === filled.length - 1
    return [textPiece(isLast ? ' or ' : ', '), ...middle]
  })
  const needsBlank = end.length > 0 && joined.length > 0 && !startsApart(end[0]!)
  return [...begin, ...joined, ...(needsBlank ? [textPiece(' ')] : []), ...end]
}

export interface Apart {
  readonly begin: readonly Piece[]
  readonly middles: readonly (readonly Piece[])[]
  readonly end: readonly Piece[]
}

/** What all of them begin with, what all of them end with, and what is left of each. */
export function apart(all: readonly (readonly Piece[])[]): Apart {
  const first = all[0]!
  const shortest = Math.min(...all.map((one) => one.length))
  let from = 0
  while (from < shortest && all.every((one) => samePiece(one[from], first[from]))) from += 1
  let to = 0
  while (to < shortest - from && all.every((one) => samePiece(one.at(-1 - to), first.at(-1 - to))))
    to += 1
  return {
    begin: first.slice(0, from),
    middles: all.map((one) => one.slice(from, one.length - to)),
    end: first.slice(first.length - to),
  }
}

/** Those that begin with the same word become one. */
function grouped(middles: readonly (readonly Piece[])[]): readonly (readonly Piece[])[] {
  return [...inGroups(middles, ([word]) => JSON.stringify(word)).values()].map(either)
}

function distinct(all: readonly (readonly Piece[])[]): readonly (readonly Piece[])[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}

/** Without the blanks and commas that it begins with behind the first, and the blanks at its end. */
function trimmed(pieces: readonly Piece[], index: number): readonly Piece[] {
  return pieces.flatMap((piece, i) => {
    if (piece.kind !== 'text') return [piece]
    let { text } = piece
    if (i === 0 && index > 0) text = text.replace(/^[\s,]+/, '')
    if (i === pieces.length - 1) text = text.trimEnd()
    return text === '' ? [] : [textPiece(text)]
  })
}

/** Says nothing that another one does not. */
function isEmpty(piece: Piece): boolean {
  return piece.kind === 'gap' || (piece.kind === 'text' && piece.text.trim() === '')
}

function startsApart(piece: Piece): boolean {
  return piece.kind === 'text' && /^[\s,.;:)]/.test(piece.text)
}
