/** Blanks of a rules file: none at ends of lines, one empty line between items. */
import type { Span } from '../../text/document.ts'
import type { YamlNode } from '../../text/yaml.ts'
import type { Edit } from './edits.ts'

/** Blanks at the ends of lines that are no part of a text. */
export function trailingBlanks(text: string, documents: readonly YamlNode[]): Edit[] {
  const texts = documents.flatMap(scalarSpans).filter(({ start, end }) => end > start)
  const edits: Edit[] = []
  let next = 0
  for (const match of text.matchAll(/[ \t]+(?=\n|$)/g)) {
    const start = match.index
    while (next < texts.length && texts[next]!.end <= start) next++
    const inside = next < texts.length && texts[next]!.start < start
    if (!inside) edits.push({ start, end: start + match[0].length, text: '' })
  }
  return edits
}

/** In order of the text; those of aliases are written elsewhere. */
function scalarSpans(node: YamlNode): Span[] {
  if (node.span.start !== node.content.start) return []
  if (node.kind === 'scalar') return [node.span]
  const children =
    node.kind === 'sequence' ? node.items : node.pairs.flatMap(({ key, value }) => [key, value])
  return children.flatMap(scalarSpans)
}

/** Between each two items of a file: comments that go with one of them stay there. */
export function betweenItems(text: string, documents: readonly YamlNode[]): Edit[] {
  return documents.flatMap((root) => {
    if (root.kind !== 'sequence' || text[root.span.start] === '[') return []
    return root.items.slice(1).flatMap((item, i) => gapEdit(text, root.items[i]!, item) ?? [])
  })
}

function gapEdit(text: string, before: YamlNode, after: YamlNode): Edit | undefined {
  const dash = text.lastIndexOf('\n', after.span.start - 1) + 1
  const written = text.slice(0, before.span.end).trimEnd().length
  const newline = text.indexOf('\n', written)
  const start = newline + 1
  if (newline < 0 || start > dash || !/^ *- /.test(text.slice(dash, after.span.start + 2))) {
    return undefined
  }
  const gap = text.slice(start, dash).split('\n').slice(0, -1)
  const kept = gap.map((line) => line.trim())
  if (kept.some((line) => line !== '' && !line.startsWith('#'))) return undefined
  const column = after.span.start - dash - 2
  return {
    start,
    end: dash,
    text: arranged(gap, column)
      .map((line) => `${line}\n`)
      .join(''),
  }
}

/** Comments that are indented as the keys before them stay with these, others go to what follows. */
function arranged(gap: readonly string[], column: number): string[] {
  const isBlank = (line: string): boolean => line.trim() === ''
  const belongs = (line: string): boolean => !isBlank(line) && /^ */.exec(line)![0].length > column
  let own = 0
  while (own < gap.length && belongs(gap[own]!)) own++
  const rest = gap.slice(own)
  while (rest.length > 0 && isBlank(rest[0]!)) rest.shift()
  const spaced = rest.filter((line, i) => !isBlank(line) || !isBlank(rest[i + 1] ?? 'end'))
  return [...gap.slice(0, own), '', ...spaced].map((line) => line.trimEnd())
}
