/**
 * The dialect of Falco's `regex`: RE2 with its POSIX option. Egrep syntax, no Perl extensions: no
 * `\d`, `\w`, `\b`, `\pL`, `(?…)`; `^` and `$` match at every line; a repetition may be repeated;
 * `.` matches all but a newline. This checks a pattern against that and writes the same language in
 * the Perl dialect, which is what the library takes.
 */
import { ConditionError } from '../condition/error.ts'

/** Largest count in `{n,m}`. */
const REPEAT_MAX = 1000
const GROUP_DEPTH_MAX = 100

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\\x07',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
}

const CLASSES: readonly string[] = [
  'alnum',
  'alpha',
  'ascii',
  'blank',
  'cntrl',
  'digit',
  'graph',
  'lower',
  'print',
  'punct',
  'space',
  'upper',
  'word',
  'xdigit',
]

/** @throws ConditionError with the offset into the pattern. */
export function toPerlSyntax(pattern: string): string {
  const reader = new Reader(pattern)
  const translated = reader.alternatives(0)
  if (reader.more()) throw reader.error('expected no `)`')
  return translated
}

class Reader {
  readonly #chars: readonly string[]
  #at = 0

  constructor(pattern: string) {
    this.#chars = [...pattern]
  }

  more(): boolean {
    return this.#at < this.#chars.length
  }

  error(message: string, help?: string): ConditionError {
    return new ConditionError(`${message} in the regular expression`, this.#at, help)
  }

  alternatives(depth: number): string {
    if (depth > GROUP_DEPTH_MAX)
      throw this.error(`expected at most ${GROUP_DEPTH_MAX} nested groups`)
    const branches = ['']
    for (;;) {
      const char = this.#chars[this.#at]
      if (char === undefined || char === ')') return branches.join('|')
      if (char === '|') {
        this.#at++
        branches.push('')
      } else {
        branches[branches.length - 1] += this.#repeated(depth)
      }
    }
  }

  /** An atom with any number of repetitions, each around what stands before it. */
  #repeated(depth: number): string {
    let part = this.#atom(depth)
    for (let count = 0; ; count++) {
      const repetition = this.#repetition()
      if (repetition === undefined) return part
      part = (count === 0 ? part : `(?:${part})`) + repetition
      if (count > GROUP_DEPTH_MAX) throw this.error('expected fewer repetitions of repetitions')
    }
  }

  #repetition(): string | undefined {
    const char = this.#chars[this.#at]
    if (char === '*' || char === '+' || char === '?') {
      this.#at++
      return char
    }
    if (char !== '{') return undefined
    const counts = this.#counts()
    if (counts === undefined) return undefined
    const [, low, comma, high] = counts
    const least = Number(low)
    const most = high === '' || high === undefined ? undefined : Number(high)
    if (least > REPEAT_MAX || (most !== undefined && (most > REPEAT_MAX || most < least))) {
      throw this.error(`expected counts up to ${REPEAT_MAX}, the smaller first`)
    }
    this.#at += counts[0].length
    return comma === undefined ? `{${least}}` : `{${least},${most ?? ''}}`
  }

  /** `{n}`, `{n,}` or `{n,m}`; anything else in braces is literal. */
  #counts(): RegExpExecArray | undefined {
    const rest = this.#chars.slice(this.#at, this.#at + 40).join('')
    return /^\{([0-9]+)(?:(,)([0-9]*))?\}/.exec(rest) ?? undefined
  }

  #atom(depth: number): string {
    const char = this.#chars[this.#at++]!
    switch (char) {
      case '(': {
        const inner = this.alternatives(depth + 1)
        if (this.#chars[this.#at] !== ')') throw this.error('expected `)`')
        this.#at++
        return `(?:${inner})`
      }
      case '[':
        return this.#set()
      case '*':
      case '+':
      case '?':
        this.#at--
        throw this.error(
          `expected something to repeat before \`${char}\``,
          this.#chars[this.#at - 1] === '(' ? 'Falco knows no `(?…)` groups or flags' : undefined,
        )
      case '{':
        this.#at--
        if (this.#counts()) throw this.error('expected something to repeat before `{`')
        this.#at++
        return '\\{'
      case '\\':
        return this.#escape()
      case '.':
      case '^':
      case '$':
        return char
      default:
        return literal(char)
    }
  }

  #escape(): string {
    const char = this.#chars[this.#at++]
    if (char === undefined) throw this.error('expected a character after the last `\\`')
    if (/[1-7]/.test(char) && !/[0-7]/.test(this.#chars[this.#at] ?? '')) {
      this.#at -= 2
      throw this.error(`expected no back reference \`\\${char}\``)
    }
    if (/[0-7]/.test(char)) return this.#octal(char)
    if (char === 'x') return this.#hex()
    const known = ESCAPES[char]
    if (known !== undefined) return known
    if (char <= '\x7f' && !/[0-9A-Za-z_]/.test(char)) return literal(char)
    this.#at -= 2
    throw this.error(`expected no escape \`\\${char}\``, escapeHelp(char))
  }

  #octal(first: string): string {
    let digits = first
    while (digits.length < 3 && /[0-7]/.test(this.#chars[this.#at] ?? '')) {
      digits += this.#chars[this.#at++]
    }
    return literal(String.fromCodePoint(Number.parseInt(digits, 8)))
  }

  #hex(): string {
    const rest = this.#chars.slice(this.#at, this.#at + 12).join('')
    const match = /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/.exec(rest)
    const code = match ? Number.parseInt(match[1] ?? match[2]!, 16) : Infinity
    if (!match || code > 0x10ffff)
      throw this.error('expected two hex digits, or hex digits in braces')
    this.#at += match[0].length
    return literal(String.fromCodePoint(code))
  }

  /** `[…]`, with the opening bracket consumed. */
  #set(): string {
    let set = '['
    if (this.#chars[this.#at] === '^') {
      this.#at++
      set += '^'
    }
    for (let first = true; ; first = false) {
      const char = this.#chars[this.#at]
      if (char === undefined) throw this.error('expected `]`')
      if (char === ']' && !first) break
      // In the POSIX dialect a `-` is literal at the ends only.
      if (char === '-' && !first && this.#chars[this.#at + 1] !== ']') {
        throw this.error('expected `-` at an end of the brackets, or within a range')
      }
      set += this.#class() ?? this.#range()
    }
    this.#at++
    return `${set}]`
  }

  #class(): string | undefined {
    if (this.#chars[this.#at] !== '[' || this.#chars[this.#at + 1] !== ':') return undefined
    const rest = this.#chars.slice(this.#at).join('')
    const end = rest.indexOf(':]', 2)
    if (end < 0) return undefined
    const name = rest.slice(2, end).replace(/^\^/, '')
    if (!CLASSES.includes(name)) throw this.error('expected one of the POSIX classes')
    this.#at += end + 2
    return rest.slice(0, end + 2)
  }

  #range(): string {
    const low = this.#setMember()
    if (this.#chars[this.#at] !== '-' || (this.#chars[this.#at + 1] ?? ']') === ']') return low
    this.#at++
    const high = this.#setMember()
    if (codeOf(high) < codeOf(low)) throw this.error('expected the smaller end of the range first')
    return `${low}-${high}`
  }

  #setMember(): string {
    const char = this.#chars[this.#at++]
    if (char === undefined) throw this.error('expected `]`')
    return char === '\\' ? this.#escape() : literal(char)
  }
}

function escapeHelp(char: string): string | undefined {
  const classes: Record<string, string> = { d: 'digit', w: 'word', s: 'space' }
  const name = classes[char.toLowerCase()]
  if (!name) return undefined
  return `write \`[[:${char < 'a' ? '^' : ''}${name}:]]\``
}

/** A character that stands for itself, inside brackets and outside. */
function literal(char: string): string {
  if (/[0-9A-Za-z_]/.test(char)) return char
  return `\\x{${char.codePointAt(0)!.toString(16)}}`
}

function codeOf(written: string): number {
  const hex = /^\\x\{([0-9a-f]+)\}$/.exec(written)
  if (hex) return Number.parseInt(hex[1]!, 16)
  const escape = Object.entries({
    '\\x07': 7,
    '\\f': 12,
    '\\n': 10,
    '\\r': 13,
    '\\t': 9,
    '\\v': 11,
  })
  return escape.find(([text]) => text === written)?.[1] ?? written.codePointAt(0)!
}
