/** Breaks a condition into lines: before `or`, where that is not enough before `and`. */
import { type Group, isGroup, type Part } from './groups.ts'
import { type Leaf, leafText } from './leaf.ts'

const INDENT = '  '

/** The condition on one line. */
export function oneLine({ alternatives }: Group): string {
  return alternatives.map((parts) => parts.map(partText).join(' and ')).join(' or ')
}

function partText({ nots, of }: Part): string {
  return 'not '.repeat(nots) + (isGroup(of) ? `(${oneLine(of)})` : leafText(of))
}

/** @param width how long a line may be, where it can be broken. */
export function lines(group: Group, width: number): string[] {
  const whole = oneLine(group)
  if (whole.length <= width) return [whole]
  const { alternatives } = group
  if (alternatives.length === 1) {
    return alternatives[0]!.flatMap((part, i) => partLines(part, i > 0 ? 'and ' : '', width))
  }
  return alternatives.flatMap((parts, i) => {
    const word = i > 0 ? 'or ' : ''
    const text = word + parts.map(partText).join(' and ')
    if (text.length <= width) return [text]
    if (parts.length === 1) return partLines(parts[0]!, word, width)
    return parts.flatMap((part, j) =>
      j === 0
        ? partLines(part, word, width)
        : partLines(part, 'and ', width - INDENT.length).map((line) => INDENT + line),
    )
  })
}

/** A part behind the word that joins it; what does not fit is indented below. */
function partLines(part: Part, word: string, width: number): string[] {
  const text = word + partText(part)
  if (text.length <= width) return [text]
  const head = word + 'not '.repeat(part.nots)
  const { of } = part
  if (!isGroup(of)) return listLines(head, of, width)
  const inner = lines(of, width - INDENT.length)
  return inner.map((line, i) => {
    const close = i === inner.length - 1 ? ')' : ''
    return i === 0 ? `${head}(${line}${close}` : `${INDENT}${line}${close}`
  })
}

function listLines(head: string, leaf: Leaf, width: number): string[] {
  const { head: left, items = [] } = leaf
  if (items.length < 2) return [head + leafText(leaf)]
  const result: string[] = []
  let line = `${head}${left} (`
  items.forEach((item, i) => {
    const text = item + (i === items.length - 1 ? ')' : ',')
    const spaced = line.endsWith('(') ? text : ` ${text}`
    if (line.length + spaced.length > width && !line.endsWith('(')) {
      result.push(line)
      line = INDENT + text
    } else {
      line += spaced
    }
  })
  return [...result, line]
}
