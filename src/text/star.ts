/**
 * Patterns over texts of any kind, in which nothing but `*` is special: it stands for any
 * characters, or none. `\*` is a star and `\\` a backslash.
 */

/** A text as a pattern that matches only it. */
export function starQuote(text: string): string {
  return text.replaceAll(/[\\*]/g, String.raw`\$&`)
}

/** Matches whole texts against a pattern, in time that is linear in both. */
export function starMatcher(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = parts(pattern)
  const last = rest.pop()
  if (last === undefined) return (text) => text === first
  return (text) => {
    if (text.length < first.length + last.length) return false
    if (!text.startsWith(first) || !text.endsWith(last)) return false
    let at = first.length
    const end = text.length - last.length
    for (const part of rest) {
      const found = text.indexOf(part, at)
      if (found < 0 || found + part.length > end) return false
      at = found + part.length
    }
    return true
  }
}

/** The texts between a pattern's stars, unquoted. */
function parts(pattern: string): string[] {
  const found: string[] = ['']
  for (const [token] of pattern.matchAll(/\\[\\*]|[^]/g)) {
    if (token === '*') found.push('')
    else found[found.length - 1] += token.length === 2 ? token[1]! : token
  }
  return found
}
