/** `override` and the older `append: true`. */
import { yamlGet, yamlPair } from '../../text/yaml.ts'
import { invalid, type Item, optionalBool } from './decode.ts'
import { LoadError, placeOf } from './diagnose.ts'

export interface Overrides {
  readonly append: ReadonlySet<string>
  readonly replace: ReadonlySet<string>
  /** `append: true` */
  readonly legacyAppend: boolean
}

/** @throws LoadError where a key cannot be overridden so, or both ways are used. */
export function readOverrides(
  item: Item,
  appendable: readonly string[],
  replaceable: readonly string[],
): Overrides {
  const legacyAppend = optionalBool(item, 'append') ?? false
  const append = new Set<string>()
  const replace = new Set<string>()
  for (const { key, operation } of operations(item)) {
    const allowed = [
      ...(appendable.includes(key) ? ['append'] : []),
      ...(replaceable.includes(key) ? ['replace'] : []),
    ]
    if (!allowed.includes(operation)) {
      const node = yamlPair(yamlGet(item.node, 'override'), key)?.value ?? item.node
      invalid(
        item,
        node,
        `\`${key}\` cannot be overridden by \`${operation}\``,
        allowed.length > 0 ? `use ${allowed.map((each) => `\`${each}\``).join(' or ')}` : undefined,
      )
    }
    if (operation === 'append') append.add(key)
    else replace.add(key)
  }
  if (legacyAppend && append.size + replace.size > 0) {
    invalid(
      item,
      yamlGet(item.node, 'override')!,
      '`append: true` and `override` cannot be used together',
      'remove `append: true`, and write `append` for each key under `override`',
    )
  }
  return { append, replace, legacyAppend }
}

function operations(item: Item): { key: string; operation: string }[] {
  const override = yamlGet(item.node, 'override')
  if (override?.kind === 'scalar' || !override) return []
  const bad = (): never => {
    throw new LoadError(
      'LOAD_ERR_VALIDATE',
      'the value of `override` must be a mapping of keys to `append` or `replace`',
      placeOf(item.document, override),
    )
  }
  if (override.kind === 'sequence') return override.items.length === 0 ? [] : bad()
  return override.pairs.map(({ key, value }) => {
    if (key.kind !== 'scalar' || value.kind !== 'scalar') return bad()
    return { key: key.text, operation: value.text }
  })
}

/**
 * Keys of a rule that an item with overrides may write: each needs its entry under `override`, and
 * each entry its key.
 */
export class ExpectedKeys {
  readonly #item: Item
  readonly #left: Set<string>

  constructor(item: Item, keys: readonly string[]) {
    this.#item = item
    this.#left = new Set(keys.filter((key) => yamlGet(item.node, key) !== undefined))
  }

  /** True where the key is overridden; it is then used up. */
  take(overridden: ReadonlySet<string>, key: string): boolean {
    if (!overridden.has(key)) return false
    if (!this.#left.delete(key)) {
      const item = this.#item
      const node = yamlPair(yamlGet(item.node, 'override'), key)?.key ?? item.node
      invalid(item, node, `\`${key}\` is to be overridden, but has no value here`)
    }
    return true
  }

  /** @throws LoadError for a key that no override mentions. */
  finish(): void {
    for (const key of this.#left) {
      const node = yamlPair(this.#item.node, key)!.key
      invalid(
        this.#item,
        node,
        `the key \`${key}\` has no entry under \`override\``,
        `add \`${key}: append\` or \`${key}: replace\`, or remove the key`,
      )
    }
  }
}
