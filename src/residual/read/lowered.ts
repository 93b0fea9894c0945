/**
 * Characters other than capital A to Z that Go's `strings.ToLower` makes letters of: the sign for
 * Kelvin, and the Turkish capital I with a dot.
 */
const ODD: Readonly<Record<string, string>> = { k: '\u212a', i: '\u0130' }

/**
 * A pattern for every text that OPA's `lower` turns into this one, in RE2's syntax and without
 * anchors; undefined for letters outside of ASCII.
 */
export function loweredPattern(lowered: string): string | undefined {
  // eslint-disable-next-line no-control-regex
  if (!/^[\u0000-\u007f]*$/.test(lowered)) return undefined
  // Nothing becomes a capital letter.
  if (/[A-Z]/.test(lowered)) return '[^\\x00-\\x{10FFFF}]'
  return lowered.replaceAll(/[^a-z0-9]|[a-z]/g, (character) =>
    /[a-z]/.test(character)
      ? `[${character}${character.toUpperCase()}${ODD[character] ?? ''}]`
      : `\\x{${character.charCodeAt(0).toString(16)}}`,
  )
}
