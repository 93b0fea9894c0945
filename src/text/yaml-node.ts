import type { Span } from './document.ts'

/** How a scalar is written; `empty` is a node of which nothing is written at all (`key:`). */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'empty'

interface NodeBase {
  /** Where the node stands; for an alias, the `*name`. */
  readonly span: Span
  /** Where the content is written; differs from `span` for aliases only. */
  readonly content: Span
  /** Explicit tag, resolved (`tag:yaml.org,2002:str`), or `!`. */
  readonly tag?: string
}

/** A scalar as text: nothing is resolved, so `0x10`, `1.50` and `yes` keep their spelling. */
export interface YamlScalar extends NodeBase {
  readonly kind: 'scalar'
  readonly style: ScalarStyle
  /** Unescaped and unfolded, as YAML defines it. */
  readonly text: string
}

export interface YamlSequence extends NodeBase {
  readonly kind: 'sequence'
  readonly items: readonly YamlNode[]
}

/** Pairs in source order, duplicates included. */
export interface YamlMapping extends NodeBase {
  readonly kind: 'mapping'
  readonly pairs: readonly YamlPair[]
}

export interface YamlPair {
  readonly key: YamlNode
  readonly value: YamlNode
}

export type YamlNode = YamlScalar | YamlSequence | YamlMapping

/** The pair of the first key with that text, or undefined where `node` is no mapping or lacks it. */
export function yamlPair(node: YamlNode | undefined, key: string): YamlPair | undefined {
  if (node?.kind !== 'mapping') return undefined
  return node.pairs.find((pair) => pair.key.kind === 'scalar' && pair.key.text === key)
}

/** The value of the first key with that text. */
export function yamlGet(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return yamlPair(node, key)?.value
}

/** True for nothing, and for a plain `~`, `null`, `Null` or `NULL`. */
export function isYamlNull(node: YamlNode): boolean {
  if (node.kind !== 'scalar') return false
  if (node.tag) return node.tag === 'tag:yaml.org,2002:null'
  return (
    node.style === 'empty' || (node.style === 'plain' && /^(~|null|Null|NULL)$/.test(node.text))
  )
}
