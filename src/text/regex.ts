import { RE2JS } from 're2js'

/** A match: begin and end of the whole and of each group in UTF-16 units; -1 where a group took no part. */
export type RegexMatch = readonly number[]

/** Thrown for a pattern that RE2's syntax refuses, such as one with a look-behind or a back-reference. */
export class RegexError extends Error {
  /** Two groups share a name, which Go's engine takes and this one does not. */
  get isDuplicateName(): boolean {
    return this.message.includes('duplicate capture group name')
  }
}

/** A regular expression in RE2's syntax, whose time grows linearly with the text. */
export interface Regex {
  /** Names of the groups by number; the whole match and groups without a name are empty. */
  readonly groupNames: readonly string[]
  /** Whether the pattern matches somewhere in the text. */
  test(text: string): boolean
  /** Whether the pattern matches the whole text. */
  testWhole(text: string): boolean
  /** The first `limit` matches, none overlapping; no empty match stands right behind another match. */
  matches(text: string, limit?: number): RegexMatch[]
}

export interface RegexOptions {
  /** `^` and `$` match at line ends too. */
  readonly multiline?: boolean
  /** Of the matches at one place the longest counts, not the one that the pattern prefers. */
  readonly longest?: boolean
}

/** Compiles a pattern; throws a RegexError with RE2's reason. */
export function compileRegex(pattern: string, options: RegexOptions = {}): Regex {
  const multiline = options.multiline ? RE2JS.MULTILINE : 0
  const longest = options.longest ? RE2JS.LONGEST_MATCH : 0
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(pattern, multiline | longest)
  } catch (cause) {
    throw new RegexError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
  const groups = compiled.groupCount()
  return {
    groupNames: namesOf(compiled, groups),
    test: (text) => compiled.test(text),
    testWhole: (text) => compiled.testExact(text),
    matches: (text, limit = Infinity) => allMatches(compiled, groups, text, limit),
  }
}

function namesOf(compiled: RE2JS, groups: number): string[] {
  const names = Array.from({ length: groups + 1 }, () => '')
  for (const [name, group] of Object.entries(compiled.namedGroups())) names[group] = name
  return names
}

/** Searches on from the end of each match, as Go's regexp does. */
function allMatches(compiled: RE2JS, groups: number, text: string, limit: number): RegexMatch[] {
  const found: RegexMatch[] = []
  const matcher = compiled.matcher(text)
  let lastEnd = -1
  for (let at = 0; at <= text.length && found.length < limit && matcher.find(at);) {
    const start = matcher.start()
    const end = matcher.end()
    const isEmptyHere = end === at
    if (!(isEmptyHere && start === lastEnd)) found.push(spansOf(matcher, groups))
    lastEnd = end
    at = isEmptyHere ? at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) : end
  }
  return found
}

function spansOf(matcher: ReturnType<RE2JS['matcher']>, groups: number): RegexMatch {
  const spans: number[] = []
  for (let group = 0; group <= groups; group++) spans.push(matcher.start(group), matcher.end(group))
  return spans
}
