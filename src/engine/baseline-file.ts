import { YamlFields } from '../bundle/yaml-fields.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import type { Document } from '../text/document.ts'
import { isYamlNull, parseYaml, yamlGet, type YamlMapping, type YamlNode } from '../text/yaml.ts'
import { yamlScalar } from '../text/yaml-scalar.ts'
import { type KnownFinding, PATTERN_KEYS } from './baseline.ts'

/** Form of the file; another number is refused, because its entries may mean something else. */
const VERSION = 1

/** The keys of an entry, in the order in which they are written. */
const KEYS = [
  'rule',
  'engine',
  'priority',
  'user',
  'as',
  'verb',
  'resource',
  'namespace',
  'message',
  'count',
  'since',
  'reason',
] as const

const HEAD = `# Findings that are known: \`parapet scan --baseline FILE\` counts them and does not show them.
# What an entry leaves out is not compared, and * stands for any text; a more urgent finding is new.
# Add \`reason\` to an entry to say why it is accepted.
`

export interface BaselineReading {
  /** None where there are errors. */
  readonly entries: readonly KnownFinding[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a baseline: YAML, of which JSON is a part. */
export function readBaseline(document: Document): BaselineReading {
  const { documents, diagnostics } = parseYaml(document)
  if (diagnostics.length > 0) return { entries: [], diagnostics }
  const fields = new YamlFields(document.file, 'BASELINE_INVALID')
  const root = fields.mapping(documents[0], 'a baseline', ['version', 'findings'])
  const entries = root ? readEntries(root, fields) : []
  const found = fields.diagnostics
  return { entries: found.length > 0 ? [] : entries, diagnostics: found }
}

function readEntries(root: YamlMapping, fields: YamlFields): KnownFinding[] {
  const version = fields.text(root, 'version')
  if (version !== undefined && version !== String(VERSION)) {
    const help = `this Parapet reads version ${VERSION}; write the baseline anew`
    fields.fault(yamlGet(root, 'version'), `\`${version}\` is no version that is known`, help)
  }
  const list = yamlGet(root, 'findings')
  if (list?.kind === 'sequence') return list.items.flatMap((item) => readEntry(item, fields) ?? [])
  if (!list || !isYamlNull(list)) fields.fault(list ?? root, '`findings` is not a list')
  return []
}

function readEntry(node: YamlNode, fields: YamlFields): KnownFinding | undefined {
  const entry = fields.mapping(node, 'an entry', KEYS)
  if (!entry) return undefined
  const rule = fields.text(entry, 'rule')
  if (rule === undefined) {
    return fields.fault(
      entry,
      'an entry has no `rule`',
      'name the guardrail or rule that it is about',
    )
  }
  const engine = fields.text(entry, 'engine')
  if (engine !== undefined && engine !== 'rego' && engine !== 'falco') {
    return fields.fault(yamlGet(entry, 'engine'), `\`${engine}\` is neither rego nor falco`)
  }
  const priority = fields.priority(entry, 'priority')
  const since = fields.text(entry, 'since')
  const reason = fields.text(entry, 'reason')
  const count = fields.integer(entry, 'count', { min: 0, max: Number.MAX_SAFE_INTEGER })
  return {
    rule,
    ...(engine ? { engine } : {}),
    ...(priority ? { priority } : {}),
    ...readPatterns(entry, fields),
    count: count ?? 0,
    ...(since === undefined ? {} : { since }),
    ...(reason === undefined ? {} : { reason }),
  }
}

function readPatterns(entry: YamlMapping, fields: YamlFields): Partial<KnownFinding> {
  const patterns = PATTERN_KEYS.flatMap((key) => {
    const value = yamlGet(entry, key)
    if (!value) return []
    if (value.kind === 'scalar') return [[key, isYamlNull(value) ? null : value.text] as const]
    fields.fault(value, `\`${key}\` is not a text`)
    return []
  })
  return Object.fromEntries(patterns)
}

/** Writes entries as YAML, a key to a line, so that a change is a change of few lines. */
export function writeBaselineYaml(entries: readonly KnownFinding[]): string {
  const head = `${HEAD}version: ${VERSION}\n`
  if (entries.length === 0) return `${head}findings: []\n`
  return `${head}findings:\n${entries.map(entryYaml).join('')}`
}

/** The same as JSON. */
export function writeBaselineJson(entries: readonly KnownFinding[]): string {
  const findings = entries.map((entry) =>
    Object.fromEntries(
      KEYS.flatMap((key) => (entry[key] === undefined ? [] : [[key, entry[key]]])),
    ),
  )
  return `${JSON.stringify({ version: VERSION, findings }, null, 2)}\n`
}

function entryYaml(entry: KnownFinding): string {
  const lines = KEYS.flatMap((key) => {
    const value = entry[key]
    return value === undefined ? [] : [`${key}: ${yamlScalar(value)}`]
  })
  return `  - ${lines.join('\n    ')}\n`
}
