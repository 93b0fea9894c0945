import { assignments, NAME_HINT } from './assignments.ts'
import { decodedText, eachEncoded } from './base64.ts'
import { Edits } from './edits.ts'
import { jsonWebTokens } from './jwt.ts'
import { LOG_MARK, LOG_MARK_BASE64, markFor } from './kinds.ts'
import { commandLines, PROGRAM_HINT } from './programs.ts'
import { PROVIDER_HINT, providerKeys } from './providers.ts'

/** Base64 inside base64 that is looked into. */
const LAYERS_MAX = 3
/** Shortest password in a URL that patterns for credentials take for one, in characters. */
const URL_PASSWORD_MIN = 3

/**
 * Each shape has one of these in it, in lower or upper case. Nearly no text has, and looking for all
 * shapes takes many times as long as looking for this.
 */
const HINT = new RegExp(
  `-----begin|eyj|basic|://|\\.[a-z0-9]{16}|${NAME_HINT}|${PROVIDER_HINT}|${PROGRAM_HINT}`,
  'i',
)

/** False where a text certainly has no credential of any shape, but for those in base64. */
export function mayHaveShape(text: string): boolean {
  return HINT.test(text)
}

/** Finds everything in a text that is a credential by its shape, raw or in base64. */
export function shapes(text: string, edits: Edits, layer = 0): void {
  if (mayHaveShape(text)) rawShapes(text, edits)
  if (layer === LAYERS_MAX) return
  eachEncoded(text, (start, end, decoded) => {
    const inside = new Edits(decoded)
    shapes(decoded, inside, layer + 1)
    if (!inside.isEmpty) edits.add(start, end, 'encoded', LOG_MARK_BASE64)
  })
}

/** Finds everything in a text that is a credential by its shape as it stands, however long that takes. */
export function rawShapes(text: string, edits: Edits): void {
  privateKeys(text, edits)
  jsonWebTokens(text, edits)
  authorizations(text, edits)
  urlPasswords(text, edits)
  providerKeys(text, edits)
  bootstrapTokens(text, edits)
  assignments(text, edits)
  manifests(text, edits)
  commandLines(text, ({ start: at }, start, end) =>
    edits.add(at + start, at + end, 'argument', LOG_MARK),
  )
}

/** What announces a key stays, so that a reader sees what has been there. */
const PRIVATE_KEY =
  /(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)([\s\S]*?)(?=-----END|$)/g

function privateKeys(text: string, edits: Edits): void {
  for (const { 0: all, 1: head, index } of text.matchAll(PRIVATE_KEY)) {
    edits.add(index + head!.length, index + all.length, 'private-key', LOG_MARK)
  }
}

/** `Bearer …` and `Basic …`, as headers and as they come out of logs and addresses. */
const AUTHORIZATION = /\b(bearer|basic)(?:[\s+]|%20|["':=]){1,4}([\w~+/.=-]{6,})/gi
/** Words that follow in sentences. */
const NO_TOKEN = /^(?:authentication|authorization|credentials?|tokens?|scheme|header|auth)\b/i

function authorizations(text: string, edits: Edits): void {
  for (const { 0: all, 1: scheme, 2: value, index } of text.matchAll(AUTHORIZATION)) {
    if (NO_TOKEN.test(value!)) continue
    if (scheme!.toLowerCase() === 'basic' && !decodedText(value!)?.includes(':')) continue
    const end = index + all.length
    edits.add(end - value!.length, end, 'authorization', LOG_MARK)
  }
}

const URL_PASSWORD = /:\/\/[^\s/?#:@"'<>]*:([^\s/?#"'<>]+)@/g
/** A token in the place of the user's name. */
const URL_TOKEN = /:\/\/([\w~.+=-]{20,})@/g

function urlPasswords(text: string, edits: Edits): void {
  if (!text.includes('://')) return
  for (const { 0: all, 1: password, index } of text.matchAll(URL_PASSWORD)) {
    if (/^\$\{?\(?\w+\)?\}?$/.test(password!)) continue
    const end = index + all.length - 1
    const form = markFor(password!, URL_PASSWORD_MIN)
    edits.add(end - password!.length, end, 'url-password', form)
  }
  for (const { 1: token, index } of text.matchAll(URL_TOKEN)) {
    if (!/\d/.test(token!)) continue
    edits.add(index + 3, index + 3 + token!.length, 'url-password', LOG_MARK)
  }
}

/** Not the name of a Kubernetes Event, which ends in the hexadecimal nanoseconds since 1970. */
const BOOTSTRAP_TOKEN = /(?<![\w.-])[a-z0-9]{6}\.(?!1[0-9a-f]{15}(?!\w))[a-z0-9]{16}(?![\w-]|\.\w)/g

function bootstrapTokens(text: string, edits: Edits): void {
  for (const { 0: token, index } of text.matchAll(BOOTSTRAP_TOKEN)) {
    edits.add(index, index + token.length, 'bootstrap-token', 'redact.redactedredacted')
  }
}

/** A Secret written as YAML: the lines below `data:` and `stringData:`. */
const MANIFEST_DATA = /^([ \t]*)(?:data|stringData):[ \t]*\r?\n((?:\1[ \t]+[^\r\n]*(?:\r?\n|$))+)/gm
const MANIFEST_LINE = /^[ \t]+(?:[^\s:]+:[ \t]+)?([^\s#][^\r\n]*)/gm

function manifests(text: string, edits: Edits): void {
  if (!/\bkind:[ \t]*["']?Secret\b/.test(text)) return
  for (const { 0: all, 2: lines, index } of text.matchAll(MANIFEST_DATA)) {
    const offset = index + all.length - lines!.length
    for (const { 0: line, 1: value, index: at } of lines!.matchAll(MANIFEST_LINE)) {
      const end = offset + at + line.length
      edits.add(end - value!.length, end, 'secret', LOG_MARK_BASE64)
    }
  }
}
