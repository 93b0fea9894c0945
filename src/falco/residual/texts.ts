/**
 * What a JSON value must be so that its text, as Falco has it, is one of some texts. A string's text
 * ends at its first NUL; of other values the text is their JSON without blanks, with numbers as they
 * are spelled.
 */
import {
  any,
  type Any,
  compare,
  type Conjunction,
  elementPath,
  type Json,
  type Literal,
  not,
  type Opaque,
  type Path,
  some,
  type TypeName,
} from '../../residual/residual.ts'

/** The text of the value at `path` is one of these. */
export function textIn(path: Path, texts: readonly string[], opaque: Opaque): Any {
  const { constants, open } = valuesOf(texts, opaque)
  return any(
    [compare(path, 'in', constants)],
    [{ ...opaque, text: upToNul(opaque.text) }],
    ...open(path),
  )
}

/** An element of the array at `path` has one of these texts. */
export function elementIn(path: Path, texts: readonly string[], opaque: Opaque): Any {
  const { constants, open } = valuesOf(texts, opaque)
  const element = elementPath(1)
  // Kept apart, because what is exact is decided by the index while it reads the array.
  const opened = open(element)
  return any(
    [some(path, [compare(element, 'in', constants)])],
    [{ ...opaque, text: upToNul(opaque.text) }],
    ...(opened.length > 0 ? [[some(path, ...opened)]] : []),
  )
}

/** Names the same comparison, where it holds only because a text ends at a NUL, which JSON spells with an escape. */
export function upToNul(comparison: string): string {
  return `${comparison} up to a NUL`
}

/** The text of the value at `path` begins with this. */
export function textStartsWith(path: Path, text: string, opaque: Opaque): Any {
  return any([compare(path, 'startsWith', cut(text))], [not([isOf(path, 'string')]), opaque])
}

interface Values {
  readonly constants: readonly Json[]
  /** Alternatives that are opaque: values with more than one spelling. */
  readonly open: (path: Path) => readonly Conjunction[]
}

function valuesOf(texts: readonly string[], opaque: Opaque): Values {
  const cuts = texts.map(cut)
  const words = (['true', 'false', 'null'] as const).filter((word) => cuts.includes(word))
  const constants: Json[] = [...cuts, ...words.map((word) => JSON.parse(word) as Json)]
  const types = (['number', 'object', 'array'] as const).filter((type) =>
    cuts.some((text) => BEGINNINGS[type].test(text) && !INTEGER.test(text)),
  )
  const numbers = types.includes('number') ? [] : cuts.filter((text) => INTEGER.test(text))
  return {
    constants,
    open: (path) => [
      // `403.0` is equal, and its text is not.
      ...(numbers.length > 0 ? [[compare(path, 'in', numbers.map(Number)), opaque]] : []),
      ...types.map((type): Conjunction => [isOf(path, type), opaque]),
    ],
  }
}

const BEGINNINGS = { number: /^[-0-9]/, object: /^\{/, array: /^\[/ } as const
/** In the only spelling that a double gives back. */
const INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/

function isOf(path: Path, type: TypeName): Literal {
  return { kind: 'atom', path, operator: 'type', type }
}

function cut(text: string): string {
  const nul = text.indexOf('\0')
  return nul < 0 ? text : text.slice(0, nul)
}
