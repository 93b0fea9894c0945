/** `getopt(arguments, options)`, and `getopt(…)[o]` for one option's value. */

interface OptionTable {
  readonly known: ReadonlySet<string>
  readonly withValue: ReadonlySet<string>
}

/** Reads `ab:c`: an option with a colon behind it takes a value. Colons in front are skipped. */
function optionTable(options: string): OptionTable {
  const known = new Set<string>()
  const withValue = new Set<string>()
  for (let i = options.startsWith(':') ? 1 : 0; i < options.length; i++) {
    const option = options[i]!
    if (option === ':') continue
    known.add(option)
    if (options[i + 1] !== ':') continue
    withValue.add(option)
    i++
  }
  return { known, withValue }
}

/** One letter. `value` is undefined for options without; `missing` where it is due and not there. */
interface Found {
  /** Undefined for a letter that is not known. */
  readonly option: string | undefined
  readonly value?: string
  readonly missing?: true
}

/**
 * Options as POSIX getopt finds them: clusters of letters behind one dash, up to `--` or the first
 * argument without a dash; `--long` ones are skipped. Gives letters and values in turn, `?` for
 * letters that are not known, and an empty text for an option whose value is not there.
 */
export function getopt(args: readonly string[], options: string): string[] {
  return find(args, optionTable(options)).flatMap(({ option = '?', value, missing }) => {
    if (missing) return ['']
    return value === undefined ? [option] : [option, value]
  })
}

/** The value of an option, the last one where it is repeated; the letter itself where it takes none. */
export function getoptOne(
  args: readonly string[],
  options: string,
  wanted: string,
): string | undefined {
  const last = find(args, optionTable(options)).findLast(({ option }) => option === wanted)
  if (last?.missing) return ''
  return last?.value ?? last?.option
}

function find(args: readonly string[], table: OptionTable): Found[] {
  const results: Found[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (arg === '--') break
    if (arg.startsWith('--')) continue
    if (!arg.startsWith('-') || arg.length === 1) break
    for (let letter = 1; letter < arg.length; letter++) {
      const option = arg[letter]!
      if (!table.known.has(option)) {
        results.push({ option: undefined })
      } else if (!table.withValue.has(option)) {
        results.push({ option })
      } else {
        const value = letter + 1 < arg.length ? arg.slice(letter + 1) : args[++i]
        results.push(value === undefined ? { option, missing: true } : { option, value })
        break
      }
    }
  }
  return results
}
