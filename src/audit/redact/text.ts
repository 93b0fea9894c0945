import { type Decoded, fromEscapes, fromPercent } from './decoded.ts'
import type { Echoes } from './echoes.ts'
import { Edits } from './edits.ts'
import { LOG_MARK } from './kinds.ts'
import { isCredentialName } from './names.ts'
import { commandWords, type Word } from './programs.ts'
import { shapes } from './shapes.ts'

/** How often a text is read as the JSON of a text. */
const ESCAPE_LAYERS_MAX = 3

/** What is looked for in a text: everything, or only what no name can be. */
type Look = (text: string, edits: Edits) => void

/** Finds what is confidential in a text that somebody or something wrote. */
export function inText(text: string, echoes: Echoes | undefined, edits: Edits): void {
  const look: Look = (part, found) => {
    shapes(part, found)
    echoes?.inText(part, found)
  }
  inSpellings(text, look, edits)
  if (text.includes('?') && text.includes('=')) inQueries(text, echoes, edits)
}

/** Finds in a name only what is a credential without doubt. */
export function inName(text: string, echoes: Echoes | undefined, edits: Edits): void {
  const look: Look = (part, found) => {
    shapes(part, found)
    echoes?.inName(part, found)
  }
  inSpellings(text, look, edits)
}

/** Looks at the text as it stands, and at what it says where it has escapes of URLs or of JSON. */
function inSpellings(text: string, look: Look, edits: Edits): void {
  look(text, edits)
  if (text.includes('%')) inDecoded(fromPercent(text, false), look, encodeURIComponent, edits)
  if (text.includes('\\')) inEscaped(text, look, edits, ESCAPE_LAYERS_MAX)
}

function inEscaped(text: string, look: Look, edits: Edits, layers: number): void {
  const decoded = fromEscapes(text)
  if (decoded.text === text) return
  const deeper: Look = (part, found) => {
    look(part, found)
    if (layers > 1 && part.includes('\\')) inEscaped(part, look, found, layers - 1)
  }
  inDecoded(decoded, deeper, (form) => form, edits)
}

function inDecoded(
  decoded: Decoded,
  look: Look,
  encode: (form: string) => string,
  edits: Edits,
  offset = 0,
): void {
  const found = new Edits(decoded.text)
  look(decoded.text, found)
  for (const { start, end, kind, form } of found.merged()) {
    edits.add(offset + decoded.place(start), offset + decoded.place(end), kind, encode(form))
  }
}

/** The query of an address, also inside a sentence: from its question mark to the next blank. */
const QUERY = /\?([^\s"'?]*=[^\s"'?]*)/g

function inQueries(text: string, echoes: Echoes | undefined, edits: Edits): void {
  if (!text.includes('?')) return
  for (const { 0: all, 1: query, index } of text.matchAll(QUERY)) {
    inQuery(query!, index + all.length - query!.length, echoes, edits)
  }
}

/**
 * Finds what is confidential in the parameters of a query: values of those that are named like a
 * credential, and the words of the command that `exec` runs, which come one by one.
 */
export function inQuery(
  query: string,
  offset: number,
  echoes: Echoes | undefined,
  edits: Edits,
): void {
  const look: Look = (part, found) => inText(part, echoes, found)
  const command: (Word & { readonly decoded: Decoded })[] = []
  let at = offset
  for (const parameter of query.split('&')) {
    const equals = parameter.indexOf('=') + 1
    const name = fromPercent(parameter.slice(0, Math.max(0, equals - 1)), true).text
    const decoded = fromPercent(parameter.slice(equals), true)
    const start = at + equals
    if (equals > 0 && isCredentialName(name)) {
      edits.add(start, at + parameter.length, 'field', LOG_MARK)
    } else {
      inDecoded(decoded, look, encodeURIComponent, edits, start)
      if (name === 'command') command.push({ text: decoded.text, start, decoded })
    }
    at += parameter.length + 1
  }
  commandWords(command, (word, from, to) => {
    const { decoded, start } = word as (typeof command)[number]
    edits.add(start + decoded.place(from), start + decoded.place(to), 'argument', LOG_MARK)
  })
}
