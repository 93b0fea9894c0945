import { type Decoded, fromPercent } from './decoded.ts'
import type { Echoes } from './echoes.ts'
import { Edits } from './edits.ts'
import { LOG_MARK } from './kinds.ts'
import { isCredentialName } from './names.ts'
import { commandWords, type Word } from './programs.ts'
import { shapes } from './shapes.ts'

/** Finds what is confidential in a text that somebody or something wrote. */
export function inText(text: string, echoes: Echoes | undefined, edits: Edits): void {
  shapes(text, edits)
  echoes?.inText(text, edits)
  if (text.includes('%')) inDecoded(fromPercent(text, false), echoes, edits)
  if (text.includes('=')) inQueries(text, echoes, edits)
}

/** Finds in a name only what is a credential without doubt. */
export function inName(text: string, echoes: Echoes | undefined, edits: Edits): void {
  shapes(text, edits)
  echoes?.inName(text, edits)
  if (!text.includes('%')) return
  const decoded = fromPercent(text, false)
  const found = new Edits(decoded.text)
  shapes(decoded.text, found)
  echoes?.inName(decoded.text, found)
  carryOver(found, decoded, edits)
}

function inDecoded(decoded: Decoded, echoes: Echoes | undefined, edits: Edits): void {
  const found = new Edits(decoded.text)
  shapes(decoded.text, found)
  echoes?.inText(decoded.text, found)
  carryOver(found, decoded, edits)
}

function carryOver(found: Edits, decoded: Decoded, edits: Edits, offset = 0): void {
  for (const { start, end, kind, form } of found.merged()) {
    const from = offset + decoded.place(start)
    edits.add(from, offset + decoded.place(end), kind, encodeURIComponent(form))
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
      const found = new Edits(decoded.text)
      shapes(decoded.text, found)
      echoes?.inText(decoded.text, found)
      carryOver(found, decoded, edits, start)
      if (name === 'command') command.push({ text: decoded.text, start, decoded })
    }
    at += parameter.length + 1
  }
  commandWords(command, (word, from, to) => {
    const { decoded, start } = word as (typeof command)[number]
    edits.add(start + decoded.place(from), start + decoded.place(to), 'argument', LOG_MARK)
  })
}
