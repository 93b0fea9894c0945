import type { Edits } from './edits.ts'
import { markFor } from './kinds.ts'
import { isCredentialName } from './names.ts'

/** Words of which every credential's name has one. */
const NAME_WORD =
  'pass|pwd|secret|token|cred|key|auth|bearer|cookie|conn|dsn|jwt|sig|otp|session|csrf|xsrf|docker|netrc|kubeconfig|htpasswd|id_'

/** Longest part of a name before and after such a word that is looked at, in characters. */
const NAME_PART_MAX = 64
/** Shortest value that patterns for credentials take for one, in characters. */
const VALUE_LENGTH_MIN = 6

/** A name's end and what stands between it and its value: `=`, `:`, `=>`, `%3D`, with or without quotes. */
const SEPARATOR = /([\w.-]{0,64}?)\\{0,3}["']?[ \t]{0,4}(?:(=>?|:=|%3[Dd])|(:))[ \t]{0,4}/y
/** An option and its value are two words; in a request's address two parameters. */
const NEXT_WORD = /([\w-]{0,64})(?:[ \t]{1,8}|&command=)(?=[^\s&-])/y
const WORD = /[^\s&]*/y
/** In escaped quotes, in double quotes, in single quotes; to where they end, or the text does. */
const QUOTED = /(?:\\{1,3}"((?:(?!\\{1,3}").)*)|"((?:[^"\\]|\\.)*)|'([^']*))/sy
/** Without quotes; no list and no object. */
const BARE = /(?:\$\{[^}]*\}|\$\([^)]*\)|(?![[{|>])[^\s&,;"'\\]+)/y
const UNTIL_BLANK = /[^\s&"']*/y
const REST_OF_LINE = /[^\r\n]*/y
/** A block of YAML: the lines below that are indented. */
const BLOCK = /[|>][-+\d]*[ \t]*\r?\n[ \t]+((?:[^\r\n]*\r?\n[ \t]+)*[^\r\n]*)/y
const NEXT_TOKEN = /[ \t]+[^\s"',;&]+/y

/** `$VAR`, `${VAR}`, `$(VAR)`, `{{ … }}`, `<your password>`: where a value comes from, not what it is. */
const REFERENCE =
  /^(?:\$\w+|\$\{[^}]*\}|\$\([^)]*\)|\{\{[^}]*\}\}|<[^>]*>|%\w?|null|nil|none|true|false)$/i

/**
 * Finds values that are assigned to the name of a credential, in the spellings of shells, settings
 * files, JSON, YAML, query strings and command lines.
 */
export function assignments(text: string, edits: Edits): void {
  const words = new RegExp(NAME_WORD, 'gi')
  let next = 0
  for (let word = words.exec(text); word; word = words.exec(text)) {
    if (word.index < next) continue
    next = assignment(text, word.index, word.index + word[0].length, edits)
  }
}

/** Takes the assignment to the name around a word, and says where to go on. */
function assignment(text: string, word: number, wordEnd: number, edits: Edits): number {
  const start = nameStart(text, word)
  const separator = exec(SEPARATOR, text, wordEnd)
  if (separator) {
    const name = text.slice(start, wordEnd) + separator[1]!
    const value = wordEnd + separator[0].length
    const colon = separator[3] === ':'
    if (!isCredentialName(name) || (colon && !separates(text, value, name))) return wordEnd
    return Math.max(wordEnd, takeValue(text, { start, name, value, colon }, edits))
  }
  const option = text[start] === '-' ? exec(NEXT_WORD, text, wordEnd) : null
  if (!option || !isCredentialName(text.slice(start, wordEnd) + option[1]!)) return wordEnd
  const value = wordEnd + option[0].length
  return take(text, value, value + exec(WORD, text, value)![0].length, edits)
}

function nameStart(text: string, at: number): number {
  const first = Math.max(0, at - NAME_PART_MAX)
  while (at > first && /[\w.-]/.test(text[at - 1]!)) at--
  return at
}

/** A colon separates only before a blank or a quote: `secrets:list` and `vault-token:1.2` are words. */
function separates(text: string, value: number, name: string): boolean {
  return /passw(?:or)?d$/i.test(name) || /[\s"'\\]/.test(text[value - 1]! + (text[value] ?? ''))
}

interface Assigned {
  /** Where the name begins. */
  readonly start: number
  readonly name: string
  /** Where the value begins. */
  readonly value: number
  readonly colon: boolean
}

/** Takes the value, and gives its end. */
function takeValue(text: string, assigned: Assigned, edits: Edits): number {
  const { value, name } = assigned
  const block = exec(BLOCK, text, value)
  if (block) {
    const end = value + block[0].length
    return take(text, end - block[1]!.length, end, edits)
  }
  const quoted = exec(QUOTED, text, value)
  if (quoted) {
    const end = value + quoted[0].length
    return take(text, end - (quoted[1] ?? quoted[2] ?? quoted[3])!.length, end, edits)
  }
  const bare = exec(BARE, text, value)
  if (!bare) return value
  const end = bareEnd(text, assigned, value + bare[0].length)
  // How many tokens there are, or how long they live, is a number.
  if (/tokens?$/i.test(name) && /^\d{1,7}$/.test(text.slice(value, end))) return end
  return take(text, value, end, edits)
}

/** A setting on a line of its own ends where the line does; `Authorization: Token …` is two words. */
function bareEnd(text: string, { start, name, value, colon }: Assigned, end: number): number {
  if (isOnOwnLine(text, start)) {
    const rest = exec(colon ? REST_OF_LINE : UNTIL_BLANK, text, value)![0]
    return value + rest.replace(/[\s"',;]{1,8}$/, '').length
  }
  if (/authorization$/i.test(name) && /^[A-Za-z]+$/.test(text.slice(value, end))) {
    return end + (exec(NEXT_TOKEN, text, end)?.[0].length ?? 0)
  }
  return end - /[)}\]]{0,4}$/.exec(text.slice(value, end).slice(1))![0].length
}

function isOnOwnLine(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - NAME_PART_MAX), start)
  return /(?:^|\n)[\s"'-]*(?:export[ \t]+)?$/.test(before)
}

function take(text: string, start: number, end: number, edits: Edits): number {
  const value = text.slice(start, end)
  if (!REFERENCE.test(value)) {
    edits.add(start, end, 'assignment', markFor(value, VALUE_LENGTH_MIN))
  }
  return end
}

function exec(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
