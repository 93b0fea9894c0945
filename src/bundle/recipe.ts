import type { Diagnostic } from '../text/diagnostic.ts'
import type { Document } from '../text/document.ts'
import { parseYaml, type YamlMapping, type YamlNode, yamlGet } from '../text/yaml.ts'
import { overlap, trimSlashes } from './roots.ts'
import { YamlFields } from './yaml-fields.ts'

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
  const fields = new YamlFields(document.file, 'RECIPE_INVALID')
  const recipe = new RecipeReader(fields).recipe(documents[0])
  const isSound = fields.diagnostics.length === 0
  return { recipe: isSound ? recipe : undefined, diagnostics: fields.diagnostics }
}

class RecipeReader {
  readonly #fields: YamlFields

  constructor(fields: YamlFields) {
    this.#fields = fields
  }

  recipe(node: YamlNode | undefined): Recipe | undefined {
    const root = this.#fields.mapping(node, 'the recipe', KEYS)
    if (!root) return undefined
    const policy = this.#fields.text(root, 'policy')
    if (policy === undefined)
      this.#fields.fault(root, '`policy` is missing', 'name the folder of the guardrails')
    const roots = this.#roots(root)
    const output = this.#fields.text(root, 'output')
    const signing = this.#signing(yamlGet(root, 'signing'))
    return {
      policy: policy ?? '',
      revision: this.#fields.text(root, 'revision') ?? 'content',
      target: this.#target(root),
      entrypoints: this.#fields.texts(root, 'entrypoints').map(trimSlashes),
      data: this.#fields.texts(root, 'data'),
      sources: this.#fields.flag(root, 'sources', true),
      environments: this.#environments(yamlGet(root, 'environments')),
      ...(roots ? { roots } : {}),
      ...(output === undefined ? {} : { output }),
      ...(signing ? { signing } : {}),
    }
  }

  #environments(node: YamlNode | undefined): Map<string, RecipeEnvironment> {
    const environments = new Map<string, RecipeEnvironment>()
    if (!node) return environments
    if (node.kind !== 'mapping') this.#fields.fault(node, '`environments` is not a mapping')
    else
      for (const { key, value } of node.pairs) {
        const name = key.kind === 'scalar' ? key.text : ''
        if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
          this.#fields.fault(
            key,
            `\`${name}\` cannot name an environment`,
            'use letters, digits, `.`, `_` and `-`',
          )
        const found = this.#fields.mapping(value, `\`environments.${name}\``, ENVIRONMENT_KEYS)
        if (!found) continue
        const output = this.#fields.text(found, 'output')
        environments.set(name, {
          data: this.#fields.texts(found, 'data'),
          ...(output === undefined ? {} : { output }),
        })
      }
    return environments
  }

  #signing(node: YamlNode | undefined): RecipeSigning | undefined {
    if (!node) return undefined
    const found = this.#fields.mapping(node, '`signing`', SIGNING_KEYS)
    if (!found) return undefined
    const text = (key: string, name: string): Record<string, string> => {
      const value = this.#fields.text(found, key)
      return value === undefined ? {} : { [name]: value }
    }
    if (yamlGet(found, 'key_file') && yamlGet(found, 'key_env'))
      this.#fields.fault(found, '`signing` has both `key_file` and `key_env`')
    return {
      keyId: this.#fields.text(found, 'keyid') ?? 'default',
      ...text('key_file', 'keyFile'),
      ...text('key_env', 'keyEnv'),
      ...text('algorithm', 'algorithm'),
      ...text('scope', 'scope'),
    }
  }

  #roots(root: YamlMapping): string[] | undefined {
    const node = yamlGet(root, 'roots')
    if (!node) return undefined
    const roots = this.#fields.texts(root, 'roots').map(trimSlashes)
    const pair = overlap(roots)
    if (pair)
      this.#fields.fault(
        node,
        `the roots \`${pair[0]}\` and \`${pair[1]}\` overlap`,
        'OPA refuses such a bundle',
      )
    return roots
  }

  #target(root: YamlMapping): 'wasm' | 'rego' {
    const target = this.#fields.text(root, 'target') ?? 'wasm'
    if (target === 'wasm' || target === 'rego') return target
    this.#fields.fault(
      yamlGet(root, 'target')!,
      `\`${target}\` is not a target`,
      '`wasm` or `rego`',
    )
    return 'wasm'
  }
}
