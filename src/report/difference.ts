import type { BundleDiff, GuardrailChange, GuardrailDifference } from '../bundle/diff.ts'
import { encodeJson } from '../bundle/encode.ts'
import { type Json, toPlain } from '../bundle/json.ts'

/** Characters of a value that are shown. */
const VALUE_SHOWN_MAX = 100

const CHANGES: Readonly<Record<GuardrailChange, string>> = {
  added: 'added',
  removed: 'removed',
  rules: 'its rules changed',
  library: 'the rules of a library it uses changed',
  text: 'only comments or layout changed',
  metadata: 'its METADATA changed',
}

/** The difference of two bundles as one JSON document. */
export function differenceDocument(diff: BundleDiff): string {
  const plain = (value: Json | undefined): unknown =>
    value === undefined ? undefined : toPlain(value)
  const data = diff.data.map(({ path, before, after }) => ({
    path,
    before: plain(before),
    after: plain(after),
  }))
  return `${JSON.stringify({ ...diff, data })}\n`
}

/** The difference of two bundles for a reader. */
export function differenceText(diff: BundleDiff): string {
  const { revision, guardrails, data, files, manifest } = diff
  const rest = files.filter(
    ({ name }) => name === 'policy.wasm' || !/\.rego$|^\.parapet\.json$/.test(name),
  )
  const lines = [
    verdict(diff),
    `  revision ${revision.before || 'none'} → ${revision.after || 'none'}`,
    ...section(
      'guardrails',
      guardrails.map(
        ({ id, changes, meaning }) =>
          `${id}: ${changes.map((change) => CHANGES[change]).join('; ')}${consequence(changes, meaning)}`,
      ),
    ),
    ...section(
      'data',
      data.map(
        ({ path, before, after }) => `/${path.join('/')}: ${shown(before)} → ${shown(after)}`,
      ),
    ),
    ...section(
      'files',
      [...rest, ...files.filter((file) => !rest.includes(file))].map(
        ({ name, change }) => `${name}: ${change}`,
      ),
    ),
    ...section('manifest', manifest),
  ]
  return `${lines.join('\n')}\n`
}

function verdict({ isSame, isOnlyData, guardrails }: BundleDiff): string {
  if (isSame) return 'The bundles are alike.'
  if (isOnlyData) return 'The bundles differ in data only.'
  const isMeant = guardrails.some(({ meaning }) => meaning !== 'same')
  return isMeant || guardrails.length === 0
    ? 'The bundles differ.'
    : 'The bundles differ, but every guardrail finds the same events.'
}

/** Only where rules were touched is it worth saying what comes of it. */
function consequence(
  changes: readonly GuardrailChange[],
  meaning: GuardrailDifference['meaning'],
): string {
  if (!changes.includes('rules') && !changes.includes('library')) return ''
  return meaning === 'same'
    ? ' (it finds the same events)'
    : meaning === 'changed'
      ? ' (it finds other events)'
      : ''
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)]
}

function shown(value: Json | undefined): string {
  if (value === undefined) return '(none)'
  const text = encodeJson(value, { html: false })
  return text.length > VALUE_SHOWN_MAX ? `${text.slice(0, VALUE_SHOWN_MAX)}…` : text
}
