import { mergePatchBetween } from './merge-patch.ts'
import type { Path } from '../residual/residual.ts'
import type { JsonObject } from '../text/json.ts'
import { yamlBlock } from '../text/yaml.ts'
import { bases } from './bases.ts'
import { relevantPart } from './relevant.ts'

/** How a case says what happens. */
export type WrittenHappening =
  | { readonly event: JsonObject }
  | { readonly base: string; readonly patch?: JsonObject }

/** Depth below which a patch or an event stands on one line. */
const FLOW_DEPTH = 4

/**
 * The ways to write an event, the shortest first: in full, or as a patch of a base that makes the same
 * of it.
 * @param reads where it is known what is looked at, patches that leave out the rest come too; they
 *   are other events, so whoever takes one has to see that it gives the same findings
 */
export function waysToWrite(
  event: JsonObject,
  reads: readonly Path[] | undefined,
): WrittenHappening[] {
  const patched = [...bases].flatMap(([base, { event: from }]) => [
    ...patchOf(base, from, event),
    ...(reads ? patchOf(base, relevantPart(from, reads), relevantPart(event, reads)) : []),
  ])
  return [{ event }, ...patched].toSorted((a, b) => lengthOf(a) - lengthOf(b))
}

function patchOf(base: string, from: JsonObject, to: JsonObject): WrittenHappening[] {
  const patch = mergePatchBetween(from, to) as JsonObject | undefined
  if (patch === undefined) return []
  return [Object.keys(patch).length === 0 ? { base } : { base, patch }]
}

function lengthOf(happening: WrittenHappening): number {
  return JSON.stringify(happening).length
}

/** A case as an element of a case file. */
export function caseText(
  note: string,
  happening: WrittenHappening,
  messages: readonly string[],
): string {
  const want = messages.length === 0 ? 'none' : messages
  return yamlBlock([{ note, ...happening, want }], FLOW_DEPTH)
}

/** A case file with one more case at its end. */
export function withCase(file: string, added: string): string {
  const before = file.trimEnd()
  return before === '' ? added : `${before}\n\n${added}`
}
