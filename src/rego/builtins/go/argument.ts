/** How Go's fmt prints one argument. */
import { SHORTEST, formatFloat } from './float.ts'
import { isPrintable } from './printable.ts'
import { canBackquote, quote, quoteRune } from './quote.ts'

/** An integer of any size, a float64 or a string. A bigint outside 64 bits is Go's *big.Int. */
export type Argument = bigint | number | string

export interface Flags {
  sharp: boolean
  zero: boolean
  plus: boolean
  minus: boolean
  space: boolean
  width: number | undefined
  precision: number | undefined
}

const RUNE_MAX = 0x10ffffn
const BASES: Readonly<Record<string, number>> = { b: 2, d: 10, o: 8, O: 8, v: 10, x: 16, X: 16 }

/** The argument's type as Go names it. */
export function typeName(argument: Argument): string {
  if (typeof argument === 'string') return 'string'
  if (typeof argument === 'number') return 'float64'
  return isBig(argument) ? '*big.Int' : 'int64'
}

export function formatArgument(argument: Argument, verb: string, flags: Flags): string {
  if (verb === 'T') return pad(truncate(typeName(argument), flags), flags)
  if (verb === 'v') return formatDefault(argument, flags)
  if (typeof argument === 'string') return formatString(argument, verb, flags)
  if (typeof argument === 'number') return formatNumber(argument, verb, flags)
  if (isBig(argument)) return formatBig(argument, verb, flags)
  return formatInteger(argument, verb, flags)
}

/** `%v`. `#` asks for Go source, which only strings show, and `+` concerns structs alone. */
function formatDefault(argument: Argument, flags: Flags): string {
  if (typeof argument === 'bigint' && isBig(argument)) return formatBig(argument, 'v', flags)
  const plain: Flags = { ...flags, sharp: false, plus: false }
  if (typeof argument === 'string' && flags.sharp) return formatString(argument, 'q', plain)
  return natural(argument, plain)
}

/** The argument as it prints when no verb says otherwise, all flags in force. */
function natural(argument: Argument, flags: Flags): string {
  if (typeof argument === 'string') return formatString(argument, 's', flags)
  if (typeof argument === 'number') return formatNumber(argument, 'g', flags)
  return formatInteger(argument, 'd', flags)
}

function isBig(value: bigint): boolean {
  return BigInt.asIntN(64, value) !== value
}

/** A verb that does not fit the argument. */
function bad(argument: Argument, verb: string, flags: Flags): string {
  return `%!${verb}(${typeName(argument)}=${natural(argument, flags)})`
}

/** Pads to the width with spaces, or with zeros on the left where asked for. */
function pad(text: string, flags: Flags, mayZero: boolean = true): string {
  const missing = (flags.width ?? 0) - runeCount(text)
  if (missing <= 0) return text
  if (flags.minus) return text + ' '.repeat(missing)
  return (flags.zero && mayZero ? '0' : ' ').repeat(missing) + text
}

function runeCount(text: string): number {
  let count = text.length
  for (let i = 0; i < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800) count--
  }
  return count
}

function truncate(text: string, { precision }: Flags): string {
  if (precision === undefined || text.length <= precision) return text
  return [...text].slice(0, precision).join('')
}

function formatString(text: string, verb: string, flags: Flags): string {
  switch (verb) {
    case 's':
      return pad(truncate(text, flags), flags)
    case 'q':
      return quoted(truncate(text, flags), flags)
    case 'x':
    case 'X':
      return hexBytes(text, verb, flags)
    default:
      return bad(text, verb, flags)
  }
}

function quoted(text: string, flags: Flags): string {
  if (flags.sharp && canBackquote(text)) return pad(`\`${text}\``, flags)
  return pad(quote(text, flags.plus), flags)
}

function hexBytes(text: string, verb: string, flags: Flags): string {
  const bytes = new TextEncoder().encode(text).subarray(0, flags.precision)
  const prefix = flags.sharp ? `0${verb}` : ''
  const pairs = Array.from(bytes, (byte) => {
    const pair = byte.toString(16).padStart(2, '0')
    return verb === 'X' ? pair.toUpperCase() : pair
  })
  if (pairs.length === 0) return pad('', flags)
  if (flags.space) return pad(pairs.map((pair) => prefix + pair).join(' '), flags)
  return pad(prefix + pairs.join(''), flags)
}

function formatInteger(value: bigint, verb: string, flags: Flags): string {
  switch (verb) {
    case 'd':
    case 'b':
    case 'o':
    case 'O':
    case 'x':
    case 'X':
      return integer(value, verb, flags)
    case 'c':
      return pad(runeOf(value), flags)
    case 'q':
      return pad(quoteRune(runeOf(value), flags.plus), flags)
    case 'U':
      return unicode(value, flags)
    default:
      return bad(value, verb, flags)
  }
}

function integer(value: bigint, verb: string, flags: Flags): string {
  const sign = value < 0n ? '-' : flags.plus ? '+' : flags.space ? ' ' : ''
  if (flags.precision === 0 && value === 0n) return ' '.repeat(flags.width ?? 0)
  let least = flags.precision ?? 0
  if (flags.precision === undefined && flags.zero && !flags.minus) {
    least = (flags.width ?? 0) - sign.length
  }
  const digits = digitsOf(value, verb).padStart(least, '0')
  return pad(sign + prefixOf(verb, digits, flags) + digits, flags, false)
}

function digitsOf(value: bigint, verb: string): string {
  const digits = (value < 0n ? -value : value).toString(BASES[verb])
  return verb === 'X' ? digits.toUpperCase() : digits
}

function prefixOf(verb: string, digits: string, flags: Flags): string {
  if (verb === 'O') return flags.sharp && !digits.startsWith('0') ? '0o0' : '0o'
  if (!flags.sharp) return ''
  if (verb === 'o') return digits.startsWith('0') ? '' : '0'
  return verb === 'd' ? '' : `0${verb}`
}

/** The code point that an integer names, U+FFFD where it names none. */
function runeOf(value: bigint): string {
  const isRune = value >= 0n && value <= RUNE_MAX && !(value >= 0xd800n && value < 0xe000n)
  return isRune ? String.fromCodePoint(Number(value)) : '\ufffd'
}

function unicode(value: bigint, flags: Flags): string {
  const code = BigInt.asUintN(64, value)
  const digits = code
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(flags.precision ?? 0, 4), '0')
  const isShown = flags.sharp && code <= RUNE_MAX && isPrintable(Number(code))
  return pad(`U+${digits}${isShown ? ` '${runeOf(code)}'` : ''}`, flags, false)
}

/** math/big formats itself, and not quite as fmt formats an int64. */
function formatBig(value: bigint, verb: string, flags: Flags): string {
  if (verb === 'w') return `%!w(*big.Int=${internals(value, flags)})`
  if (!(verb in BASES) && verb !== 's') return `%!${verb}(big.Int=${value})`
  const sign = value < 0n ? '-' : flags.plus ? '+' : flags.space ? ' ' : ''
  const digits = digitsOf(value, verb).padStart(flags.precision ?? 0, '0')
  const prefix = bigPrefix(verb, flags)
  const missing = (flags.width ?? 0) - sign.length - prefix.length - digits.length
  if (missing <= 0) return sign + prefix + digits
  if (flags.minus) return sign + prefix + digits + ' '.repeat(missing)
  if (flags.zero && flags.precision === undefined) {
    return sign + prefix + '0'.repeat(missing) + digits
  }
  return ' '.repeat(missing) + sign + prefix + digits
}

/** The fields of a *big.Int, which is what Go shows of it for `%w`. */
function internals(value: bigint, flags: Flags): string {
  const words: string[] = []
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 64n) {
    words.push(integer(BigInt.asUintN(64, rest), 'd', flags))
  }
  return `&{${pad(String(value < 0n), flags)} [${words.join(' ')}]}`
}

function bigPrefix(verb: string, flags: Flags): string {
  if (verb === 'O') return '0o'
  if (!flags.sharp) return ''
  return verb === 'o' ? '0' : 'bxX'.includes(verb) ? `0${verb}` : ''
}

function formatNumber(value: number, verb: string, flags: Flags): string {
  switch (verb) {
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X':
      return layout(value, verb, SHORTEST, flags)
    case 'f':
    case 'F':
      return layout(value, 'f', 6, flags)
    case 'e':
    case 'E':
      return layout(value, verb, 6, flags)
    default:
      return bad(value, verb, flags)
  }
}

/** Sign, digits and padding of a float. `precision` holds where the format names none. */
function layout(value: number, verb: string, precision: number, flags: Flags): string {
  const wanted = flags.precision ?? precision
  const text = formatFloat(value, verb, wanted)
  const isNegative = text.startsWith('-')
  const digits = isNegative ? text.slice(1) : text
  const number = flags.sharp && verb !== 'b' ? withPoint(digits, verb, wanted) : digits
  const sign = isNegative ? '-' : flags.plus ? '+' : flags.space ? ' ' : ''
  if (sign === '' || !flags.zero || flags.minus) return pad(sign + number, flags)
  return sign + pad(number, { ...flags, width: Math.max((flags.width ?? 0) - 1, 0) })
}

/** The `#` flag: a decimal point always, and the zeros that %g would drop. */
function withPoint(digits: string, verb: string, precision: number): string {
  const split = digits.search(verb === 'x' || verb === 'X' ? /p/i : /e/i)
  let head = split < 0 ? digits : digits.slice(0, split)
  const tail = split < 0 ? '' : digits.slice(split)
  let missing = 'gGx'.includes(verb) ? (precision < 0 ? 6 : precision) : 0
  missing -= countSignificant(head)
  if (!head.includes('.')) {
    if (head === '0') missing--
    head += '.'
  }
  return head + '0'.repeat(Math.max(missing, 0)) + tail
}

/** Characters from the first one that is no zero; Go counts the x of 0x too. */
function countSignificant(head: string): number {
  const plain = head.replace('.', '')
  const first = plain.search(/[^0]/)
  return first < 0 ? 0 : plain.length - first
}
