import type { Bundle } from './bundle.ts'
import { type DataChange, diffData } from './data-diff.ts'
import { exactData } from './exact-data.ts'
import { hashFile } from './hash.ts'
import { kindOf } from './names.ts'
import { GuardrailTexts } from './guardrail-texts.ts'
import { meaningsOf } from './meaning.ts'
import type { ShippedGuardrail } from './shipped.ts'

/**
 * What happened to a guardrail. `rules`: the rules of its package were changed; `library`: those of
 * a package that it uses; `text`: only comments or layout; `metadata`: what is said of it.
 */
export type GuardrailChange = 'added' | 'removed' | 'rules' | 'library' | 'text' | 'metadata'

export interface GuardrailDifference {
  readonly id: string
  readonly title: string
  readonly changes: readonly GuardrailChange[]
  /**
   * Whether it finds the same events, whatever it says about them; `unknown` where partial
   * evaluation does not tell.
   */
  readonly meaning: 'same' | 'changed' | 'unknown'
}

export interface BundleDiff {
  readonly revision: { readonly before: string; readonly after: string }
  /** Nothing but the revision differs. */
  readonly isSame: boolean
  /** Guardrails, Rego, WASM and manifest are the same; only data (and the revision) differs. */
  readonly isOnlyData: boolean
  readonly data: readonly DataChange[]
  readonly guardrails: readonly GuardrailDifference[]
  /** Files other than data and manifest whose content differs. */
  readonly files: readonly {
    readonly name: string
    readonly change: 'added' | 'removed' | 'changed'
  }[]
  /** Fields of the manifest that differ, besides the revision. */
  readonly manifest: readonly string[]
  /** The compiled code differs. */
  readonly isWasmChanged: boolean
}

/**
 * Gives each Rego text a form in which comments and layout make no difference; `undefined` where the
 * text cannot be parsed. The compiler is behind it, so it is handed in.
 */
export type Syntax = (text: string) => string | undefined

/** Compares two bundles. Without `syntax` a changed text counts as changed rules. */
export function diffBundles(before: Bundle, after: Bundle, syntax?: Syntax): BundleDiff {
  const data = diffData(exactData(before), exactData(after))
  const files = diffFiles(before, after)
  const manifest = diffManifest(before, after)
  const isOnlyData = files.length === 0 && manifest.length === 0
  return {
    revision: { before: before.manifest.revision, after: after.manifest.revision },
    isSame: isOnlyData && data.length === 0,
    isOnlyData,
    data,
    guardrails: diffGuardrails(before, after, syntax ?? ((text) => text)),
    files,
    manifest,
    isWasmChanged: files.some(({ name }) => kindOf(name) === 'wasm'),
  }
}

const COMPARED_APART: ReadonlySet<string> = new Set(['data', 'yaml', 'manifest', 'signatures'])

function diffFiles(before: Bundle, after: Bundle): BundleDiff['files'] {
  const hashes = (bundle: Bundle): Map<string, string> =>
    new Map(
      [...bundle.files]
        .filter(([name]) => !COMPARED_APART.has(kindOf(name)))
        .map(([name, bytes]) => [name, hashFile(name, bytes)]),
    )
  const [a, b] = [hashes(before), hashes(after)]
  return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap((name) => {
    if (a.get(name) === b.get(name)) return []
    const change = !a.has(name) ? 'added' : b.has(name) ? 'changed' : 'removed'
    return [{ name, change } as const]
  })
}

function diffManifest(before: Bundle, after: Bundle): string[] {
  const fields = ['roots', 'wasm', 'regoVersion', 'fileRegoVersions', 'metadata'] as const
  return fields.filter((name) => {
    const [a, b] = [before, after].map(({ manifest }) => JSON.stringify(manifest[name], literals))
    return a !== b
  })
}

/** Maps are written as objects; a manifest's annotations are parsed exactly. */
function literals(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value
}

function diffGuardrails(before: Bundle, after: Bundle, syntax: Syntax): GuardrailDifference[] {
  const [was, is] = [new GuardrailTexts(before, syntax), new GuardrailTexts(after, syntax)]
  const [meant, means] = [meaningsOf(before), meaningsOf(after)]
  const ids = [...new Set([...was.ids(), ...is.ids()])].sort()
  return ids.flatMap((id): GuardrailDifference[] => {
    const [a, b] = [was.get(id), is.get(id)]
    const title = (b ?? a)!.title
    if (!a || !b) return [{ id, title, changes: [a ? 'removed' : 'added'], meaning: 'changed' }]
    const changes = changesOf(a, b, was, is)
    if (changes.length === 0) return []
    const isTouched = changes.includes('rules') || changes.includes('library')
    const [old, now] = [meant.get(a.entrypoint), means.get(b.entrypoint)]
    const compared =
      old === undefined || now === undefined ? 'unknown' : old === now ? 'same' : 'changed'
    return [{ id, title, changes, meaning: isTouched ? compared : 'same' }]
  })
}

function changesOf(
  a: ShippedGuardrail,
  b: ShippedGuardrail,
  was: GuardrailTexts,
  is: GuardrailTexts,
): GuardrailChange[] {
  const changes: GuardrailChange[] = []
  if (was.rulesOf(a) !== is.rulesOf(b)) changes.push('rules')
  else if (was.textOf(a) !== is.textOf(b)) changes.push('text')
  if (was.libraryOf(a) !== is.libraryOf(b)) changes.push('library')
  if (saying(a) !== saying(b)) changes.push('metadata')
  return changes
}

/** METADATA without its place, which moves whenever a line above it does. */
function saying({ metadata }: ShippedGuardrail): string {
  return JSON.stringify({ ...metadata, line: undefined, file: undefined })
}
