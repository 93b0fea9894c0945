import { isAddress } from './addresses.ts'
import type { Pseudonyms } from './pseudonyms.ts'

/** A part of a text that is a name, and its pseudonym. */
export interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Quoted by Go: the quotes are escaped where the whole is quoted again. */
const QUOTED = /(\S+)?(\s*)(\\{0,3}["'])([^"'\\]{0,253})\\{0,3}["']/g

/** What stands in quotes behind these words is no name. */
const NO_NAMES =
  /^(?:resource|group|verb|subresource|kind|version|field|type|value|values|key|label|annotation|path|URL|url|versions?|in|to|of|with|by|is|not|and|or|be)$/

/** How sentences go on behind the name of an object. */
const ABOUT_OBJECT =
  /^\s*(?:not found|already exists|is forbidden|is invalid|is immutable|has been|was |cannot|could not|does not exist|: the object|of ClusterRole|of Role|to User|to Group|to ServiceAccount|$)/

/**
 * Finds names in a sentence: those in quotes, by the words around them, as the API server and its
 * authorizers write them; and all that are known from the rest of the event.
 * @param known pseudonyms by name, of everybody and everything that the event is about
 */
export function namesInSentence(
  text: string,
  known: ReadonlyMap<string, string>,
  pseudonyms: Pseudonyms,
): Replacement[] {
  const found: Replacement[] = []
  const taken: [start: number, end: number][] = []
  for (const match of text.matchAll(QUOTED)) {
    const [all, word = '', gap, quote, name] = match as unknown as string[]
    const start = match.index + word.length + gap!.length + quote!.length
    const end = start + name!.length
    const pseudonym = quotedName(
      word,
      name!,
      text.slice(match.index + all!.length),
      known,
      pseudonyms,
    )
    if (pseudonym === undefined) continue
    taken.push([start, end])
    if (pseudonym !== name) found.push({ start, end, text: pseudonym })
  }
  for (const token of knownTokens(text, known, pseudonyms)) {
    if (!taken.some(([start, end]) => token.start < end && start < token.end)) found.push(token)
  }
  return found.sort((a, b) => a.start - b.start)
}

function quotedName(
  word: string,
  name: string,
  rest: string,
  known: ReadonlyMap<string, string>,
  pseudonyms: Pseudonyms,
): string | undefined {
  const both = (parts: string): string =>
    parts
      .split('/')
      .map((part) => pseudonyms.name(part))
      .join('/')
  if (/^(?:User|user|username)$/.test(word)) return pseudonyms.user(name)
  if (/^(?:Group|group)$/.test(word) && !/^[a-z0-9.]*$/.test(name)) return pseudonyms.group(name)
  if (word === 'Group') return pseudonyms.group(name)
  if (
    /^(?:ServiceAccount|ClusterRole|Role|ClusterRoleBinding|RoleBinding|namespace|node|pod|serviceaccount)$/.test(
      word,
    )
  ) {
    return both(name)
  }
  if (NO_NAMES.test(word)) return name
  if (
    /^[a-z][a-z.]+s(?:\.[a-z0-9.-]+)?$|^[A-Z][A-Za-z]+(?:\.[a-z0-9.]+)?$/.test(word) &&
    ABOUT_OBJECT.test(rest)
  ) {
    return pseudonyms.name(name)
  }
  return known.get(name)
}

/** Characters of names and addresses; a run of them is one word. */
const WORD = /[A-Za-z0-9](?:[\w.@:-]*[A-Za-z0-9])?/g

/** Words that are known names, whole or but for a part before or behind a colon, and addresses. */
function* knownTokens(
  text: string,
  known: ReadonlyMap<string, string>,
  pseudonyms: Pseudonyms,
): Generator<Replacement> {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const whole = known.get(word)
    if (whole !== undefined) yield { start: index, end: index + word.length, text: whole }
    else if (isAddress(word)) {
      yield { start: index, end: index + word.length, text: pseudonyms.address(word) }
    } else if (/[.:@]/.test(word)) yield* partsOf(word, index, known)
  }
}

/** `ledger.payments.svc`, `worker-1:10250`: parts of a word that are known names. */
function* partsOf(
  word: string,
  offset: number,
  known: ReadonlyMap<string, string>,
): Generator<Replacement> {
  for (const { 0: part, index } of word.matchAll(/[^.:@]+/g)) {
    const pseudonym = part.length > 2 ? known.get(part) : undefined
    if (pseudonym === undefined) continue
    yield { start: offset + index, end: offset + index + part.length, text: pseudonym }
  }
}
