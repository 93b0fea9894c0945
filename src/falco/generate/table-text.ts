import { operandPaths } from '../../residual/bind.ts'
import { valuesNamed } from '../../residual/known.ts'
import type { Literal, Path, Residual } from '../../residual/residual.ts'
import { apart, either } from './either.ts'
import { fieldAt } from './fields.ts'
import { ifExpressible } from './inexpressible.ts'
import { type Piece, textPiece, words } from './piece.ts'

/** More phrases than this are not read any more. */
const PHRASES_MAX = 3

interface Row {
  readonly when: Residual
  readonly pieces: readonly Piece[]
}

/** What stands for a table, and its key where that is not it. */
export interface TableText {
  readonly pieces: readonly Piece[]
  readonly hidden: readonly Path[]
}

/**
 * What stands for the texts of a table, `{"create": "created", "patch": "changed"}[input.verb]`: its
 * key, where they are words for it; where they are phrases, which say more, the phrases. What all
 * begin or end with stays. Undefined for what is no table.
 */
export function tableText(rows: readonly Row[]): TableText | undefined {
  const key = keyOf(rows)
  if (!key) return undefined
  const byKey = new Map<string, readonly Piece[]>()
  for (const { when, pieces } of rows)
    for (const value of valuesNamed(when, key))
      if (!byKey.has(String(value))) byKey.set(String(value), words(pieces))
  const names = [...byKey.keys()]
  const texts = [...byKey.values()]
  if (texts.some((pieces) => pieces.some(({ kind }) => kind !== 'text'))) return undefined
  const isLike = (pieces: readonly Piece[], i: number): boolean =>
    isNamed(textOf(pieces), names[i]!)
  const { begin, middles, end } = texts.some(isLike)
    ? { begin: [], middles: texts, end: [] }
    : apart(texts)
  const arePhrases = middles.every((middle) => textOf(middle).trim().includes(' '))
  const field = keyPieces(
    key,
    middles.some((middle, i) => textOf(middle).trim() === names[i]),
  )
  if (!field || (arePhrases && !texts.some(isLike) && texts.length <= PHRASES_MAX))
    return { pieces: either(texts), hidden: [key] }
  // A word brings along the blank behind it.
  const blank = middles.some((middle) => textOf(middle).endsWith(' ')) ? [textPiece(' ')] : []
  return { pieces: [...begin, ...field, ...blank, ...end], hidden: [] }
}

/**
 * The key's field. The verb of a request is an infinitive, and leaves open how the request ended:
 * `asked to create` goes where "created" would, unless the table has infinitives too.
 */
function keyPieces(path: Path, hasKeys: boolean): readonly Piece[] | undefined {
  const isVerb = path.from === 'event' && path.steps.length === 1 && path.steps[0] === 'verb'
  const field = ifExpressible(() => fieldAt(path))
  if (!field) return undefined
  const piece: Piece = { kind: 'field', field }
  return isVerb && !hasKeys ? [textPiece('asked to '), piece] : [piece]
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('')
}

/** The key in other letters and another number: `cluster role` is `clusterroles`. */
function isNamed(text: string, key: string): boolean {
  const letters = text.replaceAll(/\s/g, '').toLowerCase()
  return letters.length > 2 && key.toLowerCase().startsWith(letters.slice(0, -1))
}

/** The path whose values tell most of the rows apart. */
function keyOf(rows: readonly Row[]): Path | undefined {
  const paths = new Map(
    rows
      .flatMap(({ when }) => when.flat().flatMap(comparedPaths))
      .map((path) => [JSON.stringify(path), path]),
  )
  let best: { readonly path: Path; readonly count: number } | undefined
  for (const path of paths.values()) {
    const known = rows.flatMap(({ when }) => {
      const values = valuesNamed(when, path)
      return values.length > 0 ? [JSON.stringify(values)] : []
    })
    const isKey = new Set(known).size > 1 && known.length * 2 > rows.length
    if (isKey && known.length > (best?.count ?? 0)) best = { path, count: known.length }
  }
  return best?.path
}

function comparedPaths(literal: Literal): readonly Path[] {
  if (literal.kind === 'any') return literal.residual.flat().flatMap(comparedPaths)
  if (literal.kind !== 'atom' || typeof literal.path.from !== 'string') return []
  const isCompared = literal.operator === 'equal' || literal.operator === 'in'
  return isCompared && operandPaths(literal.operand).length === 0 ? [literal.path] : []
}
