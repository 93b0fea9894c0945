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
