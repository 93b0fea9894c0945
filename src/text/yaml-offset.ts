import type { YamlScalar } from './yaml-node.ts'

/**
 * Maps an offset into a scalar's text to the offset in the document that it came from, through
 * quotes, escapes, indentation and folding; so an error inside a folded condition points at its
 * real line. `source` is the document's whole text.
 */
export function scalarSourceOffset(source: string, scalar: YamlScalar, offset: number): number {
  let map = maps.get(scalar)
  if (!map) maps.set(scalar, (map = offsetMap(source, scalar)))
  return map[Math.min(Math.max(offset, 0), map.length - 1)]!
}

/** A long condition is asked for many of its places. */
const maps = new WeakMap<YamlScalar, Uint32Array>()

/**
 * One document offset for each text offset, and one more for the end. Works by alignment: folding
 * and indentation only ever change blanks, so the other characters come in the same order on both
 * sides, one for one once escapes are read.
 */
export function offsetMap(source: string, scalar: YamlScalar): Uint32Array {
  const { text, style } = scalar
  const map = new Uint32Array(text.length + 1)
  let at = contentStart(source, scalar)
  const end = scalar.content.end
  let i = 0
  while (i < text.length) {
    if (isBlank(text.charCodeAt(i))) {
      map[i++] = at
      if (style !== 'folded' && at < end && source.charCodeAt(at) === text.charCodeAt(i - 1)) at++
      continue
    }
    while (at < end && isBlank(source.charCodeAt(at))) at++
    const step = style === 'double' ? escapeAt(source, at) : undefined
    if (step?.blank) {
      at += step.length
      continue
    }
    map[i] = Math.min(at, end)
    at += step?.length ?? (style === 'single' && source.startsWith("''", at) ? 2 : 1)
    i += step?.units ?? 1
    if (step?.units === 2) map[i - 1] = map[i - 2]!
  }
  map[text.length] = Math.min(at, end)
  return map
}

function contentStart(source: string, { style, content }: YamlScalar): number {
  if (style === 'single' || style === 'double') return content.start + 1
  if (style !== 'literal' && style !== 'folded') return content.start
  const newline = source.indexOf('\n', content.start)
  return newline < 0 ? content.end : newline + 1
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** The escape at `at` in a double-quoted scalar: its source length, and what it contributes. */
function escapeAt(
  source: string,
  at: number,
): { length: number; blank: boolean; units: number } | undefined {
  if (source[at] !== '\\') return undefined
  const hex = { x: 2, u: 4, U: 8 }[source[at + 1]!]
  if (hex === undefined) {
    // `\n`, `\t`, `\r`, `\ ` and an escaped line break give blanks or nothing.
    return { length: 2, blank: /[ntr \t\r\n]/.test(source[at + 1] ?? ' '), units: 1 }
  }
  const code = Number.parseInt(source.slice(at + 2, at + 2 + hex), 16)
  return { length: 2 + hex, blank: isBlank(code), units: code > 0xffff ? 2 : 1 }
}
