import type { Finding } from '../engine/finding.ts'
import { equalJson } from '../residual/compare.ts'
import type { Json } from '../residual/residual.ts'
import { isObject } from '../text/json.ts'
import type { Want, WantedFinding } from './case.ts'

/** How what came fits what was wanted. */
export interface Fit {
  /** Wanted findings for which none came. */
  readonly missing: readonly WantedFinding[]
  /** Findings that nobody wanted. */
  readonly extra: readonly Finding[]
  readonly agrees: boolean
}

/** Compares findings with what a case wants; the order of neither counts. */
export function compareFindings(want: Want, findings: readonly Finding[]): Fit {
  if (want.kind === 'count') {
    return { missing: [], extra: [], agrees: findings.length === want.count }
  }
  const wanted = want.kind === 'none' ? [] : want.findings
  const chosen = assign(wanted, findings)
  const taken = new Set(chosen)
  const missing = wanted.filter((_, index) => chosen[index] === undefined)
  const extra = findings.filter((_, index) => !taken.has(index))
  return { missing, extra, agrees: missing.length + extra.length === 0 }
}

/** Whether a finding has what is wanted of it. */
function isWanted(wanted: WantedFinding, finding: Finding): boolean {
  return covers(finding as unknown as Json, wanted as Json)
}

/** Objects have at least the members named; everything else is equal. */
function covers(value: Json | undefined, wanted: Json): boolean {
  if (value === undefined) return false
  if (!isObject(wanted) || !isObject(value)) return equalJson(value, wanted)
  return Object.entries(wanted).every(([name, inner]) =>
    covers(value[name] as Json | undefined, inner as Json),
  )
}

/**
 * For each wanted finding the position of one that came, or undefined: as many as can be, so that a
 * loose wish leaves the finding that only a strict one takes.
 */
function assign(
  wanted: readonly WantedFinding[],
  findings: readonly Finding[],
): (number | undefined)[] {
  const owners = new Map<number, number>()
  const take = (index: number, tried: Set<number>): boolean =>
    findings.some((finding, position) => {
      if (tried.has(position) || !isWanted(wanted[index]!, finding)) return false
      tried.add(position)
      const owner = owners.get(position)
      if (owner !== undefined && !take(owner, tried)) return false
      owners.set(position, index)
      return true
    })
  for (const index of wanted.keys()) take(index, new Set())
  const chosen: (number | undefined)[] = wanted.map(() => undefined)
  for (const [position, index] of owners) chosen[index] = position
  return chosen
}
