/** One element of a glob; each but `star` matches exactly one character. */
type Token = 'star' | { readonly matches: (character: string) => boolean }

/**
 * `filepath.Match` of Go, by which OPA's `exclude_files` are read: `*` and `?` stop at `/`, `[a-z]`
 * and `[^a]` are classes, a backslash escapes. A malformed glob matches nothing.
 */
export function goMatch(glob: string, name: string): boolean {
  const tokens = parse([...glob])
  if (!tokens) return false
  const text = [...name]
  // reach[i]: the tokens so far can have consumed the first i characters.
  let reach = text.map(() => false)
  reach.unshift(true)
  for (const token of tokens) reach = advance(token, text, reach)
  return reach.at(-1)!
}

function advance(token: Token, text: readonly string[], reach: readonly boolean[]): boolean[] {
  const next = reach.map(() => false)
  for (let i = 0; i < reach.length; i += 1) {
    if (token === 'star') next[i] = reach[i]! || (i > 0 && next[i - 1]! && text[i - 1] !== '/')
    else if (i > 0) next[i] = reach[i - 1]! && token.matches(text[i - 1]!)
  }
  return next
}

function parse(glob: string[]): Token[] | undefined {
  const tokens: Token[] = []
  for (let at = 0; at < glob.length; at += 1) {
    const character = glob[at]!
    if (character === '*') tokens.push('star')
    else if (character === '?') tokens.push({ matches: (c) => c !== '/' })
    else if (character === '[') {
      const found = parseClass(glob, at + 1)
      if (!found) return undefined
      tokens.push(found.token)
      at = found.end
    } else {
      const literal = character === '\\' ? glob[(at += 1)] : character
      if (literal === undefined) return undefined
      tokens.push({ matches: (c) => c === literal })
    }
  }
  return tokens
}

/** A class from behind its `[`; `end` is the place of its `]`. */
function parseClass(
  glob: readonly string[],
  start: number,
): { token: Token; end: number } | undefined {
  const isNegated = glob[start] === '^'
  const ranges: [number, number][] = []
  for (let at = start + (isNegated ? 1 : 0); ;) {
    if (glob[at] === ']' && ranges.length > 0) {
      const within = (c: number): boolean => ranges.some(([low, high]) => low <= c && c <= high)
      return { token: { matches: (c) => within(c.codePointAt(0)!) !== isNegated }, end: at }
    }
    const low = member(glob, at)
    const high = low && glob[low.end] === '-' ? member(glob, low.end + 1) : low
    if (!low || !high) return undefined
    ranges.push([low.code, high.code])
    at = high.end
  }
}

function member(glob: readonly string[], at: number): { code: number; end: number } | undefined {
  const character = glob[at]
  if (character === undefined || character === '-' || character === ']') return undefined
  const escaped = character === '\\' ? glob[at + 1] : character
  if (escaped === undefined) return undefined
  return { code: escaped.codePointAt(0)!, end: at + (character === '\\' ? 2 : 1) }
}
