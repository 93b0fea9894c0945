/**
 * Positioned YAML on js-yaml, whose only importer this is. js-yaml decides what is YAML; its
 * listener's open and close events say where each node was, from which `yaml-build.ts` makes a tree
 * of text scalars. Nothing is resolved here: see `yamlValue` for plain JavaScript.
 */
import { dump, loadAll, Schema, type State, Type, YAMLException } from 'js-yaml'
import type { Diagnostic } from './diagnostic.ts'
import type { Document } from './document.ts'
import { SOURCE_BYTES_MAX, YAML_DEPTH_MAX, YAML_NODES_MAX } from './limits.ts'
import { YamlBuilder, YamlRefusal } from './yaml-build.ts'
import type { YamlNode } from './yaml-node.ts'

export {
  isYamlNull,
  yamlGet,
  type YamlMapping,
  type YamlNode,
  yamlPair,
  type YamlPair,
  type YamlScalar,
  type YamlSequence,
} from './yaml-node.ts'
export { offsetMap, scalarSourceOffset } from './yaml-offset.ts'
export { yamlValue } from './yaml-value.ts'

export interface YamlOptions {
  /** What a repeated key in one mapping is; `keep` leaves all pairs in the tree. Default `error`. */
  readonly duplicateKeys?: 'error' | 'keep'
  /** Most nodes of all documents together, aliases counted as often as they are used. */
  readonly nodesMax?: number
}

export interface YamlResult {
  /** One root per document; none when the text is empty or broken. A bare `---` gives an empty scalar. */
  readonly documents: readonly YamlNode[]
  /** `YAML_SYNTAX`, `YAML_DUPLICATE_KEY`, `YAML_TOO_LARGE`; all are errors. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Every tag is accepted and left to the reader of the tree, and every scalar stays text. */
const textSchema = new Schema(
  (['scalar', 'sequence', 'mapping'] as const).map(
    (kind) => new Type('', { kind, multi: true, construct: (data: unknown) => data }),
  ),
)

/** Parses all documents of a text. Never throws on any text; work and memory are bounded. */
export function parseYaml(document: Document, options: YamlOptions = {}): YamlResult {
  const { file, text } = document
  if (text.length > SOURCE_BYTES_MAX) {
    return broken({ file, ...tooLarge(`the text has more than ${SOURCE_BYTES_MAX} characters`) })
  }
  // js-yaml leaves out a byte-order mark and counts from behind it.
  const bom = text.startsWith('\uFEFF') ? 1 : 0
  const builder = new YamlBuilder({
    shift: bom,
    nodesMax: options.nodesMax ?? YAML_NODES_MAX,
    duplicateKeys: options.duplicateKeys ?? 'error',
  })
  const settings = {
    schema: textSchema,
    // Pairs are collected by the builder, which reports duplicates itself and with both places.
    json: true,
    maxDepth: YAML_DEPTH_MAX,
    listener: (event: string, state: State): void => {
      if (event === 'open') builder.open(state)
      else builder.close(state)
    },
  }
  try {
    loadAll(text, null, settings)
  } catch (error) {
    return broken({ file, ...explain(error, bom) })
  }
  const diagnostics = builder.diagnostics.map((diagnostic) => ({ ...diagnostic, file }))
  return { documents: diagnostics.length > 0 ? [] : builder.documents, diagnostics }
}

/** A value as YAML on one line. */
export function yamlFlow(value: unknown): string {
  return dump(value, { flowLevel: 0, lineWidth: -1, noRefs: true }).trimEnd()
}

/**
 * A value as YAML in lines of its own.
 * @param flowLevel the depth below which everything stands on one line
 */
export function yamlBlock(value: unknown, flowLevel: number): string {
  return dump(value, { flowLevel, lineWidth: -1, noRefs: true })
}

function explain(error: unknown, shift: number): Diagnostic {
  if (error instanceof YamlRefusal) return error.diagnostic
  if (!(error instanceof YAMLException)) throw error
  const start = error.mark ? error.mark.position + shift : undefined
  return {
    code: error.reason.startsWith('nesting exceeded') ? 'YAML_TOO_LARGE' : 'YAML_SYNTAX',
    severity: 'error',
    message: error.reason.replaceAll('"', '`').replace(/\s+/g, ' '),
    ...(start === undefined ? {} : { span: { start, end: start } }),
  }
}

function tooLarge(message: string): Diagnostic {
  return { code: 'YAML_TOO_LARGE', severity: 'error', message }
}

function broken(diagnostic: Diagnostic): YamlResult {
  return { documents: [], diagnostics: [diagnostic] }
}
