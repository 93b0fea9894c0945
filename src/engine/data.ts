import type { Diagnostic } from '../text/diagnostic.ts'
import type { Document, Span } from '../text/document.ts'
import { nearest } from '../text/nearest.ts'
import {
  isYamlNull,
  parseYaml,
  type YamlNode,
  yamlGet,
  type YamlScalar,
  yamlValue,
} from '../text/yaml.ts'
import { orgShape, type Shape } from './org.ts'

export interface DataReading {
  /** The document as a plain value; an empty object where it has errors. */
  readonly value: Readonly<Record<string, unknown>>
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a `--data` document (YAML, of which JSON is a part) and checks what stands under `org`. */
export function readData(document: Document): DataReading {
  const { documents, diagnostics } = parseYaml(document)
  if (diagnostics.length > 0) return { value: {}, diagnostics }
  return readOrgData(document, documents.length > 1 ? undefined : documents[0])
}

/** The same for data that is a part of a document. */
export function readOrgData(document: Document, root: YamlNode | undefined): DataReading {
  if (root?.kind !== 'mapping') {
    const message = 'data must be one mapping, such as `org: {registries: [registry.example.com]}`'
    return { value: {}, diagnostics: [problem(document, message, root?.span)] }
  }
  const org = yamlGet(root, 'org')
  const shape = org ? checkShape(document, org, orgShape, 'org') : []
  const found = shape.length > 0 ? shape : checkHours(document, yamlGet(org, 'hours'))
  return { value: yamlValue(root) as Record<string, unknown>, diagnostics: found }
}

function checkShape(document: Document, node: YamlNode, shape: Shape, path: string): Diagnostic[] {
  switch (shape.kind) {
    case 'text':
      if (node.kind === 'scalar') return checkText(document, node, shape, path)
      return [problem(document, `\`${path}\` must be a text`, node.span)]
    case 'texts': {
      const items = node.kind === 'sequence' ? node.items : []
      const texts = items.filter((item) => item.kind === 'scalar')
      if (node.kind === 'sequence' && texts.length === items.length) {
        return texts.flatMap((item) => checkText(document, item, shape, path))
      }
      return [problem(document, `\`${path}\` must be a list of texts`, node.span)]
    }
    case 'keys':
      if (node.kind === 'mapping') return checkKeys(document, node, shape, path)
      return [problem(document, `\`${path}\` must be a mapping`, node.span)]
    case 'named':
      if (node.kind === 'mapping') {
        return node.pairs.flatMap(({ key, value }) => {
          const name = key.kind === 'scalar' ? key.text : ''
          return checkShape(document, value, shape.each, `${path}.${name}`)
        })
      }
      return [problem(document, `\`${path}\` must be a mapping`, node.span)]
  }
}

function checkText(
  document: Document,
  node: YamlScalar,
  shape: Extract<Shape, { kind: 'text' | 'texts' }>,
  path: string,
): Diagnostic[] {
  if (shape.kind === 'text' && shape.isNullable && isYamlNull(node)) return []
  // A number or a boolean is never equal to a text: its guardrail would be silent.
  const value = yamlValue(node)
  if (typeof value !== 'string') {
    const message = `\`${node.text}\` in \`${path}\` is no text`
    return [problem(document, message, node.span, 'put it in quotes')]
  }
  const flaw = shape.check?.(value)
  if (!flaw) return []
  const message = `\`${value}\` in \`${path}\` ${flaw.problem}`
  return [problem(document, message, node.span, flaw.help)]
}

function checkKeys(
  document: Document,
  node: Extract<YamlNode, { kind: 'mapping' }>,
  { keys, required = [], isFilled }: Extract<Shape, { kind: 'keys' }>,
  path: string,
): Diagnostic[] {
  const missing = required
    .filter((name) => !yamlGet(node, name))
    .map((name) => problem(document, `\`${path}\` has no \`${name}\``, node.span))
  const known = `known are ${Object.keys(keys).join(', ')}`
  if (isFilled && node.pairs.length === 0) {
    missing.push(problem(document, `\`${path}\` is empty`, node.span, known))
  }
  const wrong = node.pairs.flatMap(({ key, value }) => {
    const name = key.kind === 'scalar' ? key.text : ''
    const inner = Object.hasOwn(keys, name) ? keys[name] : undefined
    if (inner) return checkShape(document, value, inner, `${path}.${name}`)
    const meant = nearest(name, Object.keys(keys))
    const help = meant ? `did you mean \`${meant}\`?` : known
    return [problem(document, `\`${path}\` has no key \`${name}\``, key.span, help)]
  })
  return [...missing, ...wrong]
}

/** Hours that end before they begin would make every minute of the week an unusual one. */
function checkHours(document: Document, hours: YamlNode | undefined): Diagnostic[] {
  const from = yamlGet(hours, 'from')
  const to = yamlGet(hours, 'to')
  if (from?.kind !== 'scalar' || to?.kind !== 'scalar' || from.text < to.text) return []
  const message = `\`org.hours\` ends at \`${to.text}\`, before it begins`
  return [problem(document, message, to.span, 'hours lie within one day; give `to` a later time')]
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
