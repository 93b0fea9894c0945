/**
 * fnmatch without flags in the C locale, on byte strings: `*` crosses slashes and matches leading
 * dots, a backslash escapes, brackets hold ranges and POSIX classes. Follows glibc where POSIX
 * leaves a choice, unterminated brackets included.
 */

/** Of a byte, and of the same byte with its case folded where case does not count. */
type Matches = (code: number, folded: number) => boolean

/** One step of a pattern. */
type Token =
  | { readonly kind: 'star' }
  | { readonly kind: 'any' }
  | { readonly kind: 'set'; readonly matches: Matches }
  /** `[` without `]`: an ordinary character, unless the set so far matches; then nothing does. */
  | { readonly kind: 'open'; readonly matches: Matches }
  | { readonly kind: 'byte'; readonly code: number }
  /** A pattern that is broken from here on matches nothing. */
  | { readonly kind: 'fail' }

/** A predicate for byte strings. */
export function compileGlob(pattern: string, ignoreCase = false): (text: string) => boolean {
  const fold = ignoreCase ? foldCode : (code: number): number => code
  const tokens = parseGlob(pattern, fold)
  return (text) => matchGlob(tokens, text, fold)
}

/** Backtracks to the last star only, so at worst pattern times text. */
function matchGlob(
  tokens: readonly Token[],
  text: string,
  fold: (code: number) => number,
): boolean {
  let token = 0
  let at = 0
  let star = -1
  let starAt = 0
  while (at < text.length || token < tokens.length) {
    const step = tokens[token]
    if (step?.kind === 'star') {
      star = token++
      starAt = at
      continue
    }
    if (step && at < text.length && matchesOne(step, text.charCodeAt(at), fold)) {
      token++
      at++
      continue
    }
    if (star < 0 || starAt >= text.length) return false
    token = star + 1
    at = ++starAt
  }
  return true
}

function matchesOne(token: Token, code: number, fold: (code: number) => number): boolean {
  switch (token.kind) {
    case 'any':
      return true
    case 'byte':
      return token.code === fold(code)
    case 'set':
      return token.matches(code, fold(code))
    case 'open':
      return code === 0x5b && !token.matches(code, fold(code))
    default:
      return false
  }
}

function parseGlob(pattern: string, fold: (code: number) => number): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    if (char === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' })
    } else if (char === '?') {
      tokens.push({ kind: 'any' })
    } else if (char === '[') {
      const set = parseSet(pattern, at + 1, fold)
      if (set === undefined) return [...tokens, { kind: 'fail' }]
      tokens.push({ kind: set.end < 0 ? 'open' : 'set', matches: set.matches })
      if (set.end >= 0) at = set.end
    } else if (char === '\\') {
      if (++at === pattern.length) return [...tokens, { kind: 'fail' }]
      tokens.push({ kind: 'byte', code: fold(pattern.charCodeAt(at)) })
    } else {
      tokens.push({ kind: 'byte', code: fold(pattern.charCodeAt(at)) })
    }
  }
  return tokens
}

interface GlobSet {
  readonly matches: Matches
  /** Offset of the closing bracket; -1 without one. */
  readonly end: number
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  alnum: /[0-9A-Za-z]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[\t-\r ]/,
  blank: /[\t ]/,
  punct: /[!-/:-@[-`{-~]/,
  print: /[ -~]/,
  graph: /[!-~]/,
  // oxlint-disable-next-line no-control-regex
  cntrl: /[\0-\x1f\x7f]/,
  xdigit: /[0-9A-Fa-f]/,
}

/** The set behind a `[`; undefined where it is broken in a way that makes the pattern match nothing. */
function parseSet(
  pattern: string,
  from: number,
  fold: (code: number) => number,
): GlobSet | undefined {
  const negated = pattern[from] === '!' || pattern[from] === '^'
  const members: Matches[] = []
  let at = negated ? from + 1 : from
  for (let first = true; at < pattern.length; first = false) {
    if (pattern[at] === ']' && !first) return { matches: union(members, negated), end: at }
    const named = /^\[:([a-y]{1,256}):\]/.exec(pattern.slice(at, at + 262))
    if (named) {
      const letters = CLASSES[named[1]!]
      if (!letters) return undefined
      members.push((code) => letters.test(String.fromCharCode(code)))
      at += named[0].length
      continue
    }
    const low = member(pattern, at)
    if (low === undefined) return undefined
    at = low.end
    const low1 = fold(low.code)
    if (pattern[at] !== '-' || at + 1 >= pattern.length || pattern[at + 1] === ']') {
      members.push((_, folded) => folded === low1)
      continue
    }
    const high = member(pattern, at + 1)
    if (high === undefined) return undefined
    at = high.end
    const high1 = fold(high.code)
    members.push((_, folded) => low1 <= folded && folded <= high1)
  }
  return { matches: union(members, false), end: -1 }
}

/** One end of a range, with its escape, or `[.x.]` or `[=x=]`, which are the byte itself. */
function member(pattern: string, at: number): { code: number; end: number } | undefined {
  const collated = /^\[([.=])([^])\1\]/.exec(pattern.slice(at, at + 5))
  if (collated) return { code: collated[2]!.charCodeAt(0), end: at + 5 }
  if (pattern[at] !== '\\') return { code: pattern.charCodeAt(at), end: at + 1 }
  if (at + 1 >= pattern.length) return undefined
  return { code: pattern.charCodeAt(at + 1), end: at + 2 }
}

function union(members: readonly Matches[], negated: boolean): Matches {
  return (code, folded) => members.some((matches) => matches(code, folded)) !== negated
}

function foldCode(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 0x20 : code
}
