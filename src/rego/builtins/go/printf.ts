/** Go's fmt.Sprintf for the four types that OPA hands to it. */
import { formatArgument, typeName } from './argument.ts'
import type { Argument, Flags } from './argument.ts'

/** Go ignores a width or precision beyond this. */
const NUMBER_MAX = 1_000_000

/** Formats as Go does, its complaints about a wrong format included. */
export function sprintf(format: string, args: readonly Argument[]): string {
  return new Printer(format, args).print()
}

class Printer {
  readonly #format: string
  readonly #args: readonly Argument[]
  #at = 0
  #next = 0
  #out = ''
  #isReordered = false
  #isGoodIndex = true
  #afterIndex = false

  constructor(format: string, args: readonly Argument[]) {
    this.#format = format
    this.#args = args
  }

  print(): string {
    const format = this.#format
    while (this.#at < format.length) {
      const percent = format.indexOf('%', this.#at)
      const end = percent < 0 ? format.length : percent
      this.#out += format.slice(this.#at, end)
      this.#at = end + 1
      if (percent >= 0) this.#directive()
    }
    if (!this.#isReordered && this.#next < this.#args.length) this.#out += this.#extra()
    return this.#out
  }

  #directive(): void {
    this.#isGoodIndex = true
    this.#afterIndex = false
    const flags = this.#flags()
    this.#index()
    this.#width(flags)
    this.#precision(flags)
    if (!this.#afterIndex) this.#index()
    const code = this.#format.codePointAt(this.#at)
    if (code === undefined) {
      this.#out += '%!(NOVERB)'
      return
    }
    const verb = String.fromCodePoint(code)
    this.#at += verb.length
    this.#out += this.#formatted(verb, flags)
  }

  #formatted(verb: string, flags: Flags): string {
    if (verb === '%') return '%'
    if (!this.#isGoodIndex) return `%!${verb}(BADINDEX)`
    if (this.#next >= this.#args.length) return `%!${verb}(MISSING)`
    return formatArgument(this.#args[this.#next++]!, verb, flags)
  }

  #flags(): Flags {
    const flags: Flags = noFlags()
    for (; ; this.#at++) {
      switch (this.#format[this.#at]) {
        case '#':
          flags.sharp = true
          break
        case '0':
          flags.zero = true
          break
        case '+':
          flags.plus = true
          break
        case '-':
          flags.minus = true
          break
        case ' ':
          flags.space = true
          break
        default:
          return flags
      }
    }
  }

  #width(flags: Flags): void {
    if (this.#format[this.#at] === '*') {
      this.#at++
      const width = this.#star()
      if (width === undefined) this.#out += '%!(BADWIDTH)'
      else if (width < 0) {
        flags.minus = true
        flags.zero = false
      }
      flags.width = width === undefined ? undefined : Math.abs(width)
      this.#afterIndex = false
      return
    }
    flags.width = this.#number()
    if (this.#afterIndex && flags.width !== undefined) this.#isGoodIndex = false
  }

  #precision(flags: Flags): void {
    if (this.#format[this.#at] !== '.' || this.#at + 1 >= this.#format.length) return
    this.#at++
    if (this.#afterIndex) this.#isGoodIndex = false
    this.#index()
    if (this.#format[this.#at] === '*') {
      this.#at++
      const precision = this.#star()
      flags.precision = precision !== undefined && precision < 0 ? undefined : precision
      if (flags.precision === undefined) this.#out += '%!(BADPREC)'
      this.#afterIndex = false
      return
    }
    flags.precision = this.#number() ?? 0
  }

  /** Takes a width or precision from the arguments. */
  #star(): number | undefined {
    const argument = this.#args[this.#next]
    if (this.#next < this.#args.length) this.#next++
    if (typeof argument !== 'bigint' || argument !== BigInt.asIntN(64, argument)) return undefined
    const number = Number(argument)
    return Math.abs(number) > NUMBER_MAX ? undefined : number
  }

  /** Reads digits. A number past the limit swallows the rest of the format, as in Go. */
  #number(end: number = this.#format.length): number | undefined {
    let number: number | undefined
    while (this.#at < end) {
      const digit = this.#format.charCodeAt(this.#at) - 0x30
      if (!(digit >= 0 && digit <= 9)) break
      if (number !== undefined && number > NUMBER_MAX) {
        this.#at = end
        return undefined
      }
      number = (number ?? 0) * 10 + digit
      this.#at++
    }
    return number
  }

  /** Reads an explicit argument index such as `[2]`. */
  #index(): void {
    this.#afterIndex = false
    if (this.#format[this.#at] !== '[') return
    this.#isReordered = true
    const start = this.#at
    const close = this.#format.indexOf(']', start + 1)
    if (close < 0 || this.#format.length - start < 3) {
      this.#isGoodIndex = false
      this.#at = start + 1
      return
    }
    this.#at = start + 1
    const number = this.#number(close)
    const isNumber = number !== undefined && this.#at === close
    this.#at = close + 1
    this.#afterIndex = isNumber
    if (isNumber && number >= 1 && number <= this.#args.length) this.#next = number - 1
    else this.#isGoodIndex = false
  }

  #extra(): string {
    const rest = this.#args.slice(this.#next)
    const shown = rest.map((arg) => `${typeName(arg)}=${formatArgument(arg, 'v', noFlags())}`)
    return `%!(EXTRA ${shown.join(', ')})`
  }
}

function noFlags(): Flags {
  return {
    sharp: false,
    zero: false,
    plus: false,
    minus: false,
    space: false,
    width: undefined,
    precision: undefined,
  }
}
