import type { Diagnostic } from '../text/diagnostic.ts'
import type { Document } from '../text/document.ts'
import { nearest } from '../text/nearest.ts'
import { parseYaml, type YamlMapping, type YamlNode, yamlGet } from '../text/yaml.ts'
import { overlap, trimSlashes } from './roots.ts'

/** What goes into a bundle, as a file in `bundles/` says it. Paths are relative to that file. */
export interface Recipe {
  /** Folder of Rego, data, schemas and `.manifest`. */
  readonly policy: string
  /** Name of the archive; `{environment}` is replaced. */
  readonly output?: string
  /** `content` (a hash of what is in it), `git`, or a text. */
  readonly revision: string
  readonly target: 'wasm' | 'rego'
  /** Default: those of the policy's `.manifest`, else its packages and data. */
  readonly roots?: readonly string[]
  /** Entrypoints besides those of the guardrails, such as `main/deny`. */
  readonly entrypoints: readonly string[]
  /** JSON or YAML files laid over the policy's own data, in this order. */
  readonly data: readonly string[]
  /** Whether the archive carries the sources, from which `parapet verify` compiles it again. */
  readonly sources: boolean
  /** By name; a recipe without environments makes one bundle. */
  readonly environments: ReadonlyMap<string, RecipeEnvironment>
  readonly signing?: RecipeSigning
}

/** What differs in an environment: data, laid over that of the recipe. */
export interface RecipeEnvironment {
  readonly data: readonly string[]
  readonly output?: string
}

/** How the archive is signed. The key is never in the recipe. */
export interface RecipeSigning {
  readonly keyId: string
  readonly keyFile?: string
  /** Name of an environment variable that holds the key. */
  readonly keyEnv?: string
  readonly algorithm?: string
  readonly scope?: string
}

export interface RecipeReading {
  /** Undefined where there are errors. */
  readonly recipe: Recipe | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const KEYS = [
  'policy',
  'output',
  'revision',
  'target',
  'roots',
  'entrypoints',
  'data',
  'sources',
  'environments',
  'signing',
]
const ENVIRONMENT_KEYS = ['data', 'output']
const SIGNING_KEYS = ['keyid', 'key_file', 'key_env', 'algorithm', 'scope']

/** Reads a recipe; every mistake is reported with its place. */
export function readRecipe(document: Document): RecipeReading {
  const { documents, diagnostics } = parseYaml(document)
  if (diagnostics.length > 0) return { recipe: undefined, diagnostics }
  const reader = new RecipeReader(document.file)
  const recipe = reader.recipe(documents[0])
  return {
    recipe: reader.diagnostics.length > 0 ? undefined : recipe,
    diagnostics: reader.diagnostics,
  }
}

class RecipeReader {
  readonly diagnostics: Diagnostic[] = []
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  recipe(node: YamlNode | undefined): Recipe | undefined {
    const root = this.#mapping(node, 'the recipe', KEYS)
    if (!root) return undefined
    const policy = this.#text(root, 'policy')
    if (policy === undefined)
      this.#fault(root, '`policy` is missing', 'name the folder of the guardrails')
    const roots = this.#roots(root)
    const output = this.#text(root, 'output')
    const signing = this.#signing(yamlGet(root, 'signing'))
    return {
      policy: policy ?? '',
      revision: this.#text(root, 'revision') ?? 'content',
      target: this.#target(root),
      entrypoints: this.#texts(root, 'entrypoints').map(trimSlashes),
      data: this.#texts(root, 'data'),
      sources: this.#flag(root, 'sources', true),
      environments: this.#environments(yamlGet(root, 'environments')),
      ...(roots ? { roots } : {}),
      ...(output === undefined ? {} : { output }),
      ...(signing ? { signing } : {}),
    }
  }

  #environments(node: YamlNode | undefined): Map<string, RecipeEnvironment> {
    const environments = new Map<string, RecipeEnvironment>()
    if (!node) return environments
    if (node.kind !== 'mapping') this.#fault(node, '`environments` is not a mapping')
    else
      for (const { key, value } of node.pairs) {
        const name = key.kind === 'scalar' ? key.text : ''
        if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
          this.#fault(
            key,
            `\`${name}\` cannot name an environment`,
            'use letters, digits, `.`, `_` and `-`',
          )
        const found = this.#mapping(value, `\`environments.${name}\``, ENVIRONMENT_KEYS)
        if (!found) continue
        const output = this.#text(found, 'output')
        environments.set(name, {
          data: this.#texts(found, 'data'),
          ...(output === undefined ? {} : { output }),
        })
      }
    return environments
  }

  #signing(node: YamlNode | undefined): RecipeSigning | undefined {
    if (!node) return undefined
    const found = this.#mapping(node, '`signing`', SIGNING_KEYS)
    if (!found) return undefined
    const text = (key: string, name: string): Record<string, string> => {
      const value = this.#text(found, key)
      return value === undefined ? {} : { [name]: value }
    }
    if (yamlGet(found, 'key_file') && yamlGet(found, 'key_env'))
      this.#fault(found, '`signing` has both `key_file` and `key_env`')
    return {
      keyId: this.#text(found, 'keyid') ?? 'default',
      ...text('key_file', 'keyFile'),
      ...text('key_env', 'keyEnv'),
      ...text('algorithm', 'algorithm'),
      ...text('scope', 'scope'),
    }
  }

  #roots(root: YamlMapping): string[] | undefined {
    const node = yamlGet(root, 'roots')
    if (!node) return undefined
    const roots = this.#texts(root, 'roots').map(trimSlashes)
    const pair = overlap(roots)
    if (pair)
      this.#fault(
        node,
        `the roots \`${pair[0]}\` and \`${pair[1]}\` overlap`,
        'OPA refuses such a bundle',
      )
    return roots
  }

  #target(root: YamlMapping): 'wasm' | 'rego' {
    const target = this.#text(root, 'target') ?? 'wasm'
    if (target === 'wasm' || target === 'rego') return target
    this.#fault(yamlGet(root, 'target')!, `\`${target}\` is not a target`, '`wasm` or `rego`')
    return 'wasm'
  }

  #mapping(
    node: YamlNode | undefined,
    what: string,
    keys: readonly string[],
  ): YamlMapping | undefined {
    if (node?.kind !== 'mapping') {
      this.#fault(node, `${what} is not a mapping`)
      return undefined
    }
    for (const { key } of node.pairs) {
      const name = key.kind === 'scalar' ? key.text : ''
      if (keys.includes(name)) continue
      const meant = nearest(name, keys)
      this.#fault(
        key,
        `${what} has no key \`${name}\``,
        meant ? `did you mean \`${meant}\`?` : `known are ${keys.join(', ')}`,
      )
    }
    return node
  }

  #text(node: YamlMapping, key: string): string | undefined {
    const value = yamlGet(node, key)
    if (!value) return undefined
    if (value.kind === 'scalar' && value.text !== '') return value.text
    this.#fault(value, `\`${key}\` is not a text`)
    return undefined
  }

  #flag(node: YamlMapping, key: string, usual: boolean): boolean {
    const text = this.#text(node, key)
    if (text === undefined || text === 'true' || text === 'false')
      return text === undefined ? usual : text === 'true'
    this.#fault(yamlGet(node, key)!, `\`${key}\` is neither true nor false`)
    return usual
  }

  #texts(node: YamlMapping, key: string): string[] {
    const value = yamlGet(node, key)
    if (!value) return []
    const items = value.kind === 'sequence' ? value.items : [value]
    const texts = items.flatMap((item) =>
      item.kind === 'scalar' && item.text !== '' ? [item.text] : [],
    )
    if (value.kind === 'mapping' || texts.length !== items.length)
      this.#fault(value, `\`${key}\` is not a list of texts`)
    return texts
  }

  #fault(node: YamlNode | undefined, message: string, help?: string): void {
    this.diagnostics.push({
      code: 'RECIPE_INVALID',
      severity: 'error',
      message,
      file: this.#file,
      ...(node ? { span: node.span } : {}),
      ...(help === undefined ? {} : { help }),
    })
  }
}
