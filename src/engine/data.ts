import type { Diagnostic } from '../text/diagnostic.ts'
import type { Document, Span } from '../text/document.ts'
import { nearest } from '../text/nearest.ts'
import { parseYaml, type YamlNode, yamlGet, yamlValue } from '../text/yaml.ts'

/** What a key under `data.org` holds. */
type Shape = 'text' | 'texts' | { readonly [key: string]: Shape }

/** The organisation's own lists, the only data that the built-in guardrails read. */
const orgShape: Shape = {
  registries: 'texts',
  networks: 'texts',
  hours: { zone: 'text', days: 'texts', from: 'text', to: 'text' },
  users: { known: 'texts', break_glass: 'texts' },
  system_namespaces: 'texts',
}

export interface DataReading {
  /** The document as a plain value; an empty object where it has errors. */
  readonly value: Readonly<Record<string, unknown>>
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a `--data` document (YAML, of which JSON is a part) and checks what stands under `org`. */
export function readData(document: Document): DataReading {
  const { documents, diagnostics } = parseYaml(document)
  if (diagnostics.length > 0) return { value: {}, diagnostics }
  const root = documents[0]
  if (documents.length > 1 || root?.kind !== 'mapping') {
    const message = 'data must be one mapping, such as `org: {registries: [registry.example.com]}`'
    return { value: {}, diagnostics: [problem(document, message, root?.span)] }
  }
  const org = yamlGet(root, 'org')
  const found = org ? checkShape(document, org, orgShape, 'org') : []
  return { value: yamlValue(root) as Record<string, unknown>, diagnostics: found }
}

function checkShape(document: Document, node: YamlNode, shape: Shape, path: string): Diagnostic[] {
  if (shape === 'text') {
    if (node.kind === 'scalar') return []
    return [problem(document, `\`${path}\` must be a text`, node.span)]
  }
  if (shape === 'texts') {
    const texts = node.kind === 'sequence' && node.items.every((item) => item.kind === 'scalar')
    return texts ? [] : [problem(document, `\`${path}\` must be a list of texts`, node.span)]
  }
  if (node.kind !== 'mapping')
    return [problem(document, `\`${path}\` must be a mapping`, node.span)]
  return node.pairs.flatMap(({ key, value }) => {
    const name = key.kind === 'scalar' ? key.text : ''
    const inner = Object.hasOwn(shape, name) ? shape[name] : undefined
    if (inner) return checkShape(document, value, inner, `${path}.${name}`)
    const meant = nearest(name, Object.keys(shape))
    const help = meant ? `did you mean \`${meant}\`?` : `known are ${Object.keys(shape).join(', ')}`
    return [problem(document, `\`${path}\` has no key \`${name}\``, key.span, help)]
  })
}

function problem(
  document: Document,
  message: string,
  span: Span | undefined,
  help?: string,
): Diagnostic {
  return {
    code: 'DATA_INVALID',
    severity: 'error',
    message,
    file: document.file,
    ...(span ? { span } : {}),
    ...(help ? { help } : {}),
  }
}

/** Merges `overlay` over `base`: objects key by key, everything else replaced. */
export function mergeData(base: unknown, overlay: unknown): unknown {
  if (!isObject(base) || !isObject(overlay)) return overlay
  const merged = new Map(Object.entries(base))
  for (const [key, value] of Object.entries(overlay)) {
    merged.set(key, merged.has(key) ? mergeData(merged.get(key), value) : value)
  }
  return Object.fromEntries(merged)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
