/**
 * Compact JSON with two blanks per level, as Go's json.Indent writes it: empty objects and arrays
 * stay together, strings and numbers stay as they are.
 */
export function indentJson(compact: string): string {
  let indented = ''
  let depth = 0
  const newline = (): string => `\n${'  '.repeat(depth)}`
  for (let at = 0; at < compact.length; at++) {
    const char = compact[at]!
    if (char === '"') {
      const end = stringEnd(compact, at)
      indented += compact.slice(at, end)
      at = end - 1
    } else if (char === '{' || char === '[') {
      const empty = compact[at + 1] === '}' || compact[at + 1] === ']'
      if (empty) indented += char + compact[++at]
      else {
        depth++
        indented += char + newline()
      }
    } else if (char === '}' || char === ']') {
      depth--
      indented += newline() + char
    } else if (char === ',') {
      indented += char + newline()
    } else {
      indented += char === ':' ? ': ' : char
    }
  }
  return indented
}

function stringEnd(text: string, at: number): number {
  for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++
  return at + 1
}
