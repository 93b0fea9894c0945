import picomatch from 'picomatch'

/** Options for names, which are no paths: `*` crosses slashes, and nothing but `*`, `?` and `[…]` is special. */
const NAME_OPTIONS = {
  bash: true,
  dot: true,
  nobrace: true,
  noextglob: true,
  nonegate: true,
  noglobstar: true,
} as const

/** Matches a whole name such as a user, verb or namespace against a glob. */
export function nameMatcher(glob: string): (name: string) => boolean {
  const isMatch = picomatch(glob, NAME_OPTIONS)
  return (name) => name === glob || isMatch(name)
}

/** A glob over paths, taken apart for searching. */
export interface PathGlob {
  /** The folder below which everything matching stands; '' for the current one. */
  readonly base: string
  /** How many levels below the base can match; Infinity for `**`. */
  readonly levels: number
  /** Matches a path relative to the base, with slashes. */
  matches(relative: string): boolean
}

/**
 * Reads a path with wildcards as a shell does: `*` stays within a folder, `**` crosses folders, and
 * neither matches names with a leading dot. Undefined for a path without wildcards.
 */
export function pathGlob(pattern: string): PathGlob | undefined {
  const { isGlob, base, glob } = picomatch.scan(pattern)
  if (!isGlob) return undefined
  const levels = glob.includes('**') ? Infinity : glob.split('/').length
  return { base, levels, matches: picomatch(glob) }
}
