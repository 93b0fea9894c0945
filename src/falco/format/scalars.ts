/** Conditions of a rules file laid out anew, where they are written in a way that allows it. */
import type { Document } from '../../text/document.ts'
import { yamlPair, type YamlNode, type YamlScalar } from '../../text/yaml.ts'
import { readCondition } from './condition.ts'
import type { Edit } from './edits.ts'
import { lines, oneLine } from './layout.ts'

const WIDTH = 100

/** All conditions of rules and macros. */
export function conditionsOf(documents: readonly YamlNode[]): YamlScalar[] {
  return documents.flatMap((root) =>
    root.kind === 'sequence'
      ? root.items.flatMap((item) => {
          const value = yamlPair(item, 'condition')?.value
          return value?.kind === 'scalar' ? [value] : []
        })
      : [],
  )
}

/** Undefined where the condition stays as it is. */
export function conditionEdit({ text }: Document, scalar: YamlScalar): Edit | undefined {
  const { style, span, content } = scalar
  // Anchors, tags and aliases are not what a condition is written with.
  if (scalar.tag || span.start !== content.start || span.end !== content.end) return undefined
  const read = readCondition(scalar.text)
  if (!read) return undefined
  const key = text.lastIndexOf('\n', span.start - 1) + 1
  const indent = ' '.repeat(/^[ -]*/.exec(text.slice(key, span.start))![0].length)
  const whole = read.leading + oneLine(read.group)
  const laidOut = (): string[] => {
    const [first, ...rest] = lines(read.group, WIDTH - indent.length - 2)
    return [read.leading + first!, ...rest].map((line) => `${indent}  ${line}`)
  }
  if (style === 'plain') {
    const fits = !text.slice(span.start, span.end).includes('\n') && isPlain(whole)
    const commented = /^[ \t]*#/.test(text.slice(span.end, lineEnd(text, span.end)))
    if (fits && (commented || span.start - key + whole.length <= WIDTH)) {
      return { ...span, text: whole }
    }
    return commented ? undefined : { ...span, text: ['>', ...laidOut()].join('\n') }
  }
  if (style !== 'folded' && style !== 'literal') return undefined
  const header = text.slice(span.start, lineEnd(text, span.start))
  // An indentation that is given by number, and line breaks that are kept, are for a reason.
  if (/^[|>][-0-9]*[0-9+]/.test(header)) return undefined
  const written = span.start + text.slice(span.start, span.end).trimEnd().length
  const end = written + /^[ \t]*/.exec(text.slice(written))![0].length
  return { start: span.start + header.length, end, text: `\n${laidOut().join('\n')}` }
}

function lineEnd(text: string, from: number): number {
  const end = text.slice(from).search(/\r?\n/)
  return end < 0 ? text.length : from + end
}

/** Can stand in YAML without quotes, where it already did so with other blanks. */
function isPlain(text: string): boolean {
  return !/\s#|:(?:\s|$)/.test(text)
}
