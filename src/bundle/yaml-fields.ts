import type { Diagnostic } from '../text/diagnostic.ts'
import { nearest } from '../text/nearest.ts'
import { parsePriority, priorities, type Priority } from '../text/priority.ts'
import { type YamlMapping, type YamlNode, yamlGet } from '../text/yaml.ts'

/** Reads the fields of a configuration and collects what is wrong with them, each with its place. */
export class YamlFields {
  readonly diagnostics: Diagnostic[] = []
  readonly #file: string
  readonly #code: string

  constructor(file: string, code: string) {
    this.#file = file
    this.#code = code
  }

  fault(node: YamlNode | undefined, message: string, help?: string): undefined {
    this.diagnostics.push({
      code: this.#code,
      severity: 'error',
      message,
      file: this.#file,
      ...(node ? { span: node.span } : {}),
      ...(help === undefined ? {} : { help }),
    })
  }

  /** The node as a mapping with no other keys than these; any keys where none are given. */
  mapping(
    node: YamlNode | undefined,
    what: string,
    keys?: readonly string[],
  ): YamlMapping | undefined {
    if (node?.kind !== 'mapping') return this.fault(node, `${what} is not a mapping`)
    for (const { key } of keys ? node.pairs : []) {
      const name = key.kind === 'scalar' ? key.text : ''
      if (keys!.includes(name)) continue
      const meant = nearest(name, keys!)
      const help = meant ? `did you mean \`${meant}\`?` : `known are ${keys!.join(', ')}`
      this.fault(key, `${what} has no key \`${name}\``, help)
    }
    return node
  }

  text(node: YamlMapping, key: string): string | undefined {
    const value = yamlGet(node, key)
    if (!value) return undefined
    if (value.kind === 'scalar' && value.text !== '') return value.text
    return this.fault(value, `\`${key}\` is not a text`)
  }

  flag(node: YamlMapping, key: string, usual: boolean): boolean {
    const text = this.text(node, key)
    if (text === undefined) return usual
    if (text !== 'true' && text !== 'false')
      this.fault(yamlGet(node, key), `\`${key}\` is neither true nor false`)
    return text === 'true'
  }

  priority(node: YamlMapping, key: string): Priority | undefined {
    const text = this.text(node, key)
    if (text === undefined) return undefined
    const priority = parsePriority(text)
    if (priority) return priority
    const meant = nearest(text, priorities)
    const help = meant ? `did you mean \`${meant}\`?` : `priorities are ${priorities.join(', ')}`
    return this.fault(yamlGet(node, key), `\`${text}\` is not a priority`, help)
  }

  /** A list of texts, or one text; empty where the key is absent. */
  texts(node: YamlMapping, key: string): string[] {
    const value = yamlGet(node, key)
    if (!value) return []
    const items = value.kind === 'sequence' ? value.items : [value]
    const texts = items.flatMap((item) =>
      item.kind === 'scalar' && item.text !== '' ? [item.text] : [],
    )
    if (value.kind === 'mapping' || texts.length !== items.length)
      this.fault(value, `\`${key}\` is not a list of texts`)
    return texts
  }

  /** A whole number within bounds. */
  integer(
    node: YamlMapping,
    key: string,
    bounds: { min: number; max: number },
  ): number | undefined {
    const text = this.text(node, key)
    if (text === undefined) return undefined
    const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : NaN
    if (value >= bounds.min && value <= bounds.max) return value
    return this.fault(
      yamlGet(node, key),
      `\`${key}\` is not a whole number from ${bounds.min} to ${bounds.max}`,
    )
  }
}
