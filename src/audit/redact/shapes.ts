import { assignments } from './assignments.ts'
import { decodedText, eachEncoded } from './base64.ts'
import { Edits } from './edits.ts'
import { jsonWebTokens } from './jwt.ts'
import { LOG_MARK, LOG_MARK_BASE64, markFor } from './kinds.ts'
import { hint, hintsOf } from './hints.ts'
import { isKnownClean, rememberClean } from './memory.ts'
import { commandLines } from './programs.ts'
import { providerKeys } from './providers.ts'

/** Base64 inside base64 that is looked into. */
const LAYERS_MAX = 3
/** Shortest password in a URL that patterns for credentials take for one, in characters. */
const URL_PASSWORD_MIN = 3

/** Finds everything in a text that is a credential by its shape, raw or in base64. */
export function shapes(text: string, edits: Edits, layer = 0): void {
  if (isKnownClean(text)) return
  const before = edits.count
  rawShapes(text, edits, hintsOf(text))
  if (layer < LAYERS_MAX) encodedShapes(text, edits, layer)
  if (edits.count === before) rememberClean(text)
}

/** @param hints the groups of shapes to look for */
export function rawShapes(text: string, edits: Edits, hints: number): void {
  bootstrapTokens(text, edits)
  if (hints === 0) return
  if (hints & hint.privateKey) privateKeys(text, edits)
  if (hints & hint.webToken) jsonWebTokens(text, edits)
  if (hints & hint.scheme) authorizations(text, edits)
  if (hints & hint.url) urlPasswords(text, edits)
  if (hints & hint.provider) providerKeys(text, edits)
  if (hints & hint.name) {
    assignments(text, edits)
    manifests(text, edits)
  }
  if (hints & hint.program) {
    commandLines(text, ({ start: at }, start, end) =>
      edits.add(at + start, at + end, 'argument', LOG_MARK),
    )
  }
}

function encodedShapes(text: string, edits: Edits, layer: number): void {
  eachEncoded(text, (start, end, decoded) => {
    const inside = new Edits(decoded)
    shapes(decoded, inside, layer + 1)
    if (inside.count > 0) edits.add(start, end, 'encoded', LOG_MARK_BASE64)
  })
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
const NO_TOKEN =
  /^(?:authentication|authorization|credentials?|tokens?|scheme|header|auth|realm)\b/i

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
const BOOTSTRAP_TOKEN = /(?<![\w.-])[a-z0-9]{6}\.(?!1[0-9a-f]{15}(?!\w))[a-z0-9]{16}(?![\w-]|\.\w)/y

function bootstrapTokens(text: string, edits: Edits): void {
  for (let dot = text.indexOf('.', 6); dot >= 0; dot = text.indexOf('.', dot + 1)) {
    BOOTSTRAP_TOKEN.lastIndex = dot - 6
    const token = BOOTSTRAP_TOKEN.exec(text)?.[0]
    if (token === undefined) continue
    edits.add(dot - 6, dot - 6 + token.length, 'bootstrap-token', 'redact.redactedredacted')
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
