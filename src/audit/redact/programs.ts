import { isCredentialName } from './names.ts'

/** A word of a command line and where it begins in the text that it is part of. */
export interface Word {
  readonly text: string
  readonly start: number
}

/** Receives what is a credential in a word: from `start` to before `end` in the word's own text. */
export type Take = (word: Word, start: number, end: number) => void

/** How a program takes a password by an option whose name does not say so. */
interface Habit {
  readonly program: RegExp
  /** Only with this word among the others. */
  readonly verb?: string
  readonly option: RegExp
  /** Where the password stands: glued to the option, in the next word, or there behind a mark. */
  readonly how: 'glued' | 'next' | ':' | '%'
}

const HABITS: readonly Habit[] = [
  { program: /^(?:mysql|mariadb)\w*$/, option: /^-p(?=.)/, how: 'glued' },
  { program: /^mongo\w*$/, option: /^-p$/, how: 'next' },
  { program: /^sshpass$/, option: /^-p$/, how: 'next' },
  { program: /^sshpass$/, option: /^-p(?=.)/, how: 'glued' },
  {
    program: /^(?:docker|podman|nerdctl|helm|oc|az|skopeo|crane|oras)$/,
    verb: 'login',
    option: /^-p$/,
    how: 'next',
  },
  { program: /^redis-cli$/, option: /^-a$/, how: 'next' },
  { program: /^ldap\w+$/, option: /^-w$/, how: 'next' },
  { program: /^(?:sqlcmd|bcp|isql)$/, option: /^-P$/, how: 'next' },
  { program: /^curl$/, option: /^(?:-u|-U|--(?:proxy-)?user)$/, how: ':' },
  { program: /^(?:smbclient|rpcclient)$/, option: /^-U$/, how: '%' },
  { program: /^openssl$/, option: /^-pass(?:in|out)?$/, how: ':' },
]

/** One of these is in every command line with such a program. */
const PROGRAM =
  /mysql|mariadb|mongo|sshpass|login|redis-cli|ldap|sqlcmd|\bbcp\b|isql|curl|smbclient|rpcclient|openssl/

/** Longest command line that is taken apart, in words. */
const WORDS_MAX = 10_000

/**
 * Finds the credentials among the words of one command: what follows an option that is named like a
 * credential, and what programs take by a shorter name.
 */
export function commandWords(words: readonly Word[], take: Take): void {
  let habits: readonly Habit[] = []
  for (const [index, word] of words.entries()) {
    const own = habitsOf(word.text, words)
    if (own.length > 0) habits = own
    const next = words[index + 1]
    if (next && isCredentialOption(word.text)) takeWord(next, take)
    for (const { option, how } of habits) {
      const length = option.exec(word.text)?.[0].length
      if (length === undefined) continue
      if (how === 'glued') take(word, length, word.text.length)
      else if (next && how === 'next') takeWord(next, take)
      else if (next) takeBehind(next, how, take)
    }
  }
}

function habitsOf(word: string, words: readonly Word[]): readonly Habit[] {
  if (
    !PROGRAM.test(word) &&
    !/^(?:docker|podman|nerdctl|helm|oc|az|skopeo|crane|oras)$/.test(word)
  ) {
    return []
  }
  const name = word.slice(word.lastIndexOf('/') + 1)
  return HABITS.filter(
    ({ program, verb }) =>
      program.test(name) && (verb === undefined || words.some(({ text }) => text === verb)),
  )
}

function isCredentialOption(word: string): boolean {
  return /^--?[A-Za-z][\w.-]{0,64}$/.test(word) && isCredentialName(word)
}

function takeWord(word: Word, take: Take): void {
  if (!word.text.startsWith('-')) take(word, 0, word.text.length)
}

function takeBehind(word: Word, mark: string, take: Take): void {
  const at = word.text.indexOf(mark)
  if (at >= 0) take(word, at + 1, word.text.length)
}

/** Finds credentials in command lines inside a text, such as the argument of `sh -c`. */
export function commandLines(text: string, take: Take): void {
  if (!PROGRAM.test(text)) return
  for (const { 0: line, index } of text.matchAll(/[^|;&\n]+/g)) {
    if (!PROGRAM.test(line)) continue
    const words = wordsOf(line, index)
    commandWords(words, take)
    // The argument of `sh -c` is a command line of its own.
    for (const { text: word, start } of words) {
      if (/\s/.test(word) && PROGRAM.test(word)) commandWords(wordsOf(word, start), take)
    }
  }
}

/** Words as a shell takes them apart, without its subtleties. */
function wordsOf(line: string, offset: number): Word[] {
  const words: Word[] = []
  for (const match of line.matchAll(/"([^"]*)"?|'([^']*)'?|[^\s"']+/g)) {
    if (words.length === WORDS_MAX) break
    const quoted = match[1] ?? match[2]
    const start = offset + match.index + (quoted === undefined ? 0 : 1)
    words.push({ text: quoted ?? match[0], start })
  }
  return words
}
