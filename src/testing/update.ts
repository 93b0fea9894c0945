import type { Finding } from '../engine/finding.ts'
import type { Document } from '../text/document.ts'
import { isObject, type JsonObject } from '../text/json.ts'
import { parseYaml, yamlFlow, type YamlMapping, type YamlNode, yamlPair } from '../text/yaml.ts'
import type { CaseResult } from './run.ts'

/** A piece of a text that is replaced. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The text of a case file in which each of these cases wants what was found in it. Everything else
 * stays as it is written: comments, the form of the file, and the wishes that came true.
 */
export function updatedCaseFile(document: Document, results: readonly CaseResult[]): string {
  const [root] = parseYaml(document).documents
  const cases = root?.kind === 'sequence' ? root.items : []
  const edits = results.flatMap((result) => {
    const node = cases.find(
      (item): item is YamlMapping =>
        item.kind === 'mapping' &&
        yamlPair(item, 'want')?.value.span.start === result.case.wantSpan.start,
    )
    return node ? wantEdits(document.text, node, result) : []
  })
  return applied(document.text, edits)
}

function applied(text: string, edits: readonly Edit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce(
      (before, edit) => before.slice(0, edit.start) + edit.text + before.slice(edit.end),
      text,
    )
}

function wantEdits(text: string, node: YamlMapping, result: CaseResult): Edit[] {
  const { key, value } = yamlPair(node, 'want')!
  const { findings, fit, case: one } = result
  const whole = (replacement: string): Edit[] => {
    const start = text.indexOf(':', key.span.end) + 1
    return [{ start, end: endOf(text, value), text: replacement }]
  }
  if (findings.length === 0) return whole(' none')
  if (one.want.kind === 'count') return whole(` ${yamlFlow({ count: findings.length })}`)
  if (one.want.kind === 'none') {
    const messages = findings.map(({ message }) => message)
    const isFlow = text[node.content.start] === '{'
    return whole(isFlow ? ` ${yamlFlow(messages)}` : block(messages, columnOf(text, key)))
  }
  const { missing, extra } = fit
  if (value.kind !== 'sequence' || text[value.content.start] === '[') {
    const wanted = one.want.findings.filter((finding) => !missing.includes(finding))
    const rest = extra.map((finding, index) => like(finding, missing[index]))
    return whole(` ${yamlFlow([...wanted.map(short), ...rest])}`)
  }
  const items = one.want.findings.flatMap((wish, index) =>
    missing.includes(wish) ? [value.items[index]!] : [],
  )
  return itemEdits(
    text,
    value.items,
    items,
    extra.map((finding, index) => like(finding, missing[index])),
  )
}

/** Puts new elements in the place of those that did not come true, and the rest behind the last one. */
function itemEdits(
  text: string,
  all: readonly YamlNode[],
  gone: readonly YamlNode[],
  added: readonly unknown[],
): Edit[] {
  const replaced = gone.slice(0, added.length).map((node, index) => ({
    start: node.span.start,
    end: endOf(text, node),
    text: yamlFlow(added[index]),
  }))
  const removed = gone.slice(added.length).map((node) => ({
    // From one end of a line to the next.
    start: lineStart(text, node.span.start) - 1,
    end: lineEnd(text, endOf(text, node)),
    text: '',
  }))
  const more = added.slice(gone.length)
  if (more.length === 0) return [...replaced, ...removed]
  const last = all.at(-1)!
  const dash = text.lastIndexOf('-', last.span.start)
  const indent = ' '.repeat(dash - lineStart(text, dash))
  const at = lineEnd(text, endOf(text, last))
  const lines = more.map((finding) => `\n${indent}- ${yamlFlow(finding)}`).join('')
  return [...replaced, ...removed, { start: at, end: at, text: lines }]
}

/** A list in lines of its own, below a key. */
function block(elements: readonly unknown[], column: number): string {
  const indent = ' '.repeat(column + 2)
  return elements.map((element) => `\n${indent}- ${yamlFlow(element)}`).join('')
}

/** Where a node ends; a block of text, which takes what follows it for its own, before that. */
function endOf(text: string, { span }: YamlNode): number {
  return span.start + text.slice(span.start, span.end).replace(/(?:\n[ \t]*(?:#.*)?)+$/, '').length
}

/** A finding in the words of the wish that it stands for: its message where there is none. */
function like(finding: Finding, wish: JsonObject | undefined): unknown {
  return short(
    wish ? project(finding as unknown as JsonObject, wish) : { message: finding.message },
  )
}

function project(value: JsonObject, wish: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(wish).map(([name, inner]) => {
      const own = value[name] ?? null
      return [name, isObject(inner) && isObject(own) ? project(own, inner) : own]
    }),
  )
}

/** A message alone is written as a text. */
function short(wish: JsonObject): unknown {
  const { message, ...rest } = wish
  return typeof message === 'string' && Object.keys(rest).length === 0 ? message : wish
}

function columnOf(text: string, { span }: YamlNode): number {
  return span.start - lineStart(text, span.start)
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}
