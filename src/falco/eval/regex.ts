/** Falco's `regex`, linear in time. */
import { type Regex, RegexError, compileRegex as compileRe2 } from '../../text/regex.ts'
import { ConditionError } from '../condition/error.ts'
import { fromUtf8 } from '../event/byte-string.ts'
import { toPerlSyntax } from './regex-syntax.ts'

/**
 * A predicate for byte strings: does the pattern match all of the text, as UTF-8? Bytes that are no
 * UTF-8 match nothing.
 *
 * @param pattern as text, not as bytes.
 * @throws ConditionError with the offset into the pattern.
 */
export function compileRegex(pattern: string): (bytes: string) => boolean {
  const perl = toPerlSyntax(pattern)
  let compiled: Regex
  try {
    compiled = compileRe2(perl, { multiline: true, longest: true })
  } catch (error) {
    if (!(error instanceof RegexError)) throw error
    throw new ConditionError(`expected a simpler regular expression: ${reason(error)}`, 0)
  }
  return remembering((bytes) => {
    const text = fromUtf8(bytes)
    return !text.includes('\ufffd') || isUtf8(bytes) ? compiled.testWhole(text) : false
  })
}

/** Values that are remembered for a pattern, and how long they may be, in bytes. */
const REMEMBERED_MAX = 1000
const REMEMBERED_BYTES_MAX = 200

/** Users, verbs and addresses come again and again, and a pattern takes its time. */
function remembering(test: (bytes: string) => boolean): (bytes: string) => boolean {
  const known = new Map<string, boolean>()
  return (bytes) => {
    if (bytes.length > REMEMBERED_BYTES_MAX) return test(bytes)
    let answer = known.get(bytes)
    if (answer === undefined) {
      answer = test(bytes)
      if (known.size >= REMEMBERED_MAX) known.clear()
      known.set(bytes, answer)
    }
    return answer
  }
}

/** U+FFFD in the text may be real. */
function isUtf8(bytes: string): boolean {
  return Buffer.from(fromUtf8(bytes), 'utf8').toString('latin1') === bytes
}

function reason(error: RegexError): string {
  return error.message.replace(/\s+/g, ' ').slice(0, 100)
}
