/** Whether two texts of a rules file mean the same: a proof for what the formatter has done. */
import type { Document } from '../../text/document.ts'
import { isYamlNull, parseYaml, type YamlNode, yamlPair } from '../../text/yaml.ts'
import { Collector } from '../rules/collect.ts'
import { type ResolvedList, resolveLists, substituteLists } from '../rules/lists.ts'
import { LoadError } from '../rules/diagnose.ts'
import { readRulesFile } from '../rules/read.ts'
import { Traced } from '../rules/traced.ts'
import { conditionTree } from './condition.ts'

/** True where both are the same but for comments and for blanks that no reader sees. */
export function meansTheSame(before: Document, after: Document): boolean {
  const [a, b] = [before, after].map((each) => parseYaml(each, { duplicateKeys: 'keep' }))
  if (a!.diagnostics.length > 0 || b!.diagnostics.length > 0) return false
  if (comments(before.text) !== comments(after.text)) return false
  const lists = listsOf(before)
  const sameText = (one: string, other: string, isCondition: boolean): boolean =>
    one === other || (isCondition && sameCondition(one, other, lists))
  return sameNodes(a!.documents, b!.documents, (one, other) => sameItems(one, other, sameText))
}

/** Lines that are comments, in order. Inside a text they are compared with it as well. */
function comments(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('#'))
    .join('\n')
}

type SameText = (one: string, other: string, isCondition: boolean) => boolean

/** The documents of a file: their items' conditions are compared as conditions. */
function sameItems(one: YamlNode, other: YamlNode, sameText: SameText): boolean {
  if (one.kind !== 'sequence' || other.kind !== 'sequence') return same(one, other, sameText, false)
  return sameNodes(one.items, other.items, (a, b) => {
    const condition = yamlPair(a, 'condition')?.value
    return same(a, b, sameText, false, condition)
  })
}

function same(
  one: YamlNode,
  other: YamlNode,
  sameText: SameText,
  isCondition: boolean,
  condition?: YamlNode,
): boolean {
  if (one.tag !== other.tag || isYamlNull(one) !== isYamlNull(other)) return false
  if (one.kind === 'scalar') {
    return other.kind === 'scalar' && sameText(one.text, other.text, isCondition)
  }
  if (one.kind === 'sequence') {
    return (
      other.kind === 'sequence' &&
      sameNodes(one.items, other.items, (a, b) => same(a, b, sameText, false))
    )
  }
  if (other.kind !== 'mapping' || one.pairs.length !== other.pairs.length) return false
  return one.pairs.every(({ key, value }, i) => {
    const pair = other.pairs[i]!
    return (
      same(key, pair.key, sameText, false) && same(value, pair.value, sameText, value === condition)
    )
  })
}

function sameNodes(
  ones: readonly YamlNode[],
  others: readonly YamlNode[],
  compare: (one: YamlNode, other: YamlNode) => boolean,
): boolean {
  return ones.length === others.length && ones.every((one, i) => compare(one, others[i]!))
}

/** The same tree as it is written, and with the file's lists put in. */
function sameCondition(one: string, other: string, lists: readonly ResolvedList[]): boolean {
  const tree = conditionTree(one)
  if (tree === undefined || tree !== conditionTree(other)) return false
  const [a, b] = [one, other].map((text) => substituteLists(Traced.unplaced(text), lists).text)
  return a === b || conditionTree(a!) === conditionTree(b!)
}

function listsOf(document: Document): readonly ResolvedList[] {
  const collector = new Collector()
  readRulesFile(document, collector)
  try {
    return resolveLists(collector.lists)
  } catch (error) {
    if (error instanceof LoadError) return []
    throw error
  }
}
