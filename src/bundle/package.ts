const SPACE = /(?:[ \t\r\n]+|#[^\n]*)*/y
const PACKAGE = /package(?=[ \t\r\n#])/y
const IDENTIFIER = /[a-zA-Z_][a-zA-Z0-9_]*/y
const DOT = /[ \t]*\.[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)/y
const BRACKET = /[ \t]*\[[ \t]*("(?:[^"\\\n]|\\.)*")[ \t]*\]/y

/**
 * The package path of a Rego text, read from its head without a compiler: `package a.b["c-d"]`
 * gives `['a', 'b', 'c-d']`. Undefined where there is none to read.
 */
export function packageOf(text: string): string[] | undefined {
  let at = match(SPACE, text, 0)
  const start = match(PACKAGE, text, at)
  if (start === at) return undefined
  at = match(SPACE, text, start)
  const first = match(IDENTIFIER, text, at)
  if (first === at) return undefined
  const path = [text.slice(at, first)]
  for (at = first; ;) {
    DOT.lastIndex = at
    const dot = DOT.exec(text)
    BRACKET.lastIndex = at
    const bracket = dot ? null : BRACKET.exec(text)
    if (dot) path.push(dot[1]!)
    else if (bracket) path.push(unquote(bracket[1]!))
    else return path
    at = dot ? DOT.lastIndex : BRACKET.lastIndex
  }
}

function unquote(quoted: string): string {
  try {
    return String(JSON.parse(quoted))
  } catch {
    return quoted.slice(1, -1)
  }
}

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  const found = pattern.exec(text)
  return found ? at + found[0].length : at
}
