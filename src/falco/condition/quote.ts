import { ConditionError } from './error.ts'

const UNESCAPED: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  '/': '/',
  // A blank behind a backslash is lost: rules were published that rely on it.
  ' ': '\\',
}

const ESCAPED: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
}

/**
 * The text of a quoted string.
 *
 * @param quoted with its quotes.
 * @param at its offset, for the error.
 * @throws ConditionError for an escape other than `\b \f \n \r \t \\ \/` and the string's own quote.
 */
export function unescapeQuoted(quoted: string, at: number): string {
  const quote = quoted[0]!
  let text = ''
  for (let i = 1; i < quoted.length - 1; i++) {
    const char = quoted[i]!
    if (char !== '\\') {
      text += char
      continue
    }
    const escape = quoted[++i]!
    const plain = escape === quote ? quote : UNESCAPED[escape]
    if (plain === undefined) {
      throw new ConditionError(
        `expected one of the escapes \\b \\f \\n \\r \\t \\\\ \\/ \\${quote}, but found \`\\${escape}\``,
        at + i - 1,
        'write a backslash as `\\\\`, or leave the quotes away where nothing else needs them',
      )
    }
    text += plain
  }
  return text
}

/** True for a text that can stand without quotes on the right of an operator. */
function isBare(text: string): boolean {
  // A number may begin a longer word, and a modifier would be read as one.
  return /^[^()"'\s=,\b\0]+$/.test(text) && !/^(?:oneof|anyof|allof)$/.test(text)
}

/** A value as it is written in a condition: bare where that is possible, quoted otherwise. */
export function printValue(text: string): string {
  return isBare(text) ? text : quote(text)
}

/** A field's argument with its brackets. */
export function printArgument(text: string): string {
  return /^[^\]["'\s\b\0]+$/.test(text) ? `[${text}]` : `[${quote(text)}]`
}

/** Quoted with whichever quote needs fewer escapes. */
export function quote(text: string): string {
  const mark = text.includes('"') && !text.includes("'") ? "'" : '"'
  let body = ''
  for (const char of text) body += char === mark ? `\\${mark}` : (ESCAPED[char] ?? char)
  // A quote never closes behind a backslash, so the last backslash is written as `\ `.
  if (text.endsWith('\\')) body = `${body.slice(0, -1)} `
  return `${mark}${body}${mark}`
}
