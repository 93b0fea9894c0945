import { type Finding, priorities } from '../engine/finding.ts'

/** Rows kept apart per rule; what comes on top is counted in `others`. */
const ROWS_MAX = 1_000

/** Findings that say the same: one rule, one actor, one sentence. */
export interface Row {
  readonly first: Finding
  /** Time of the first and the last, in log order. */
  readonly from: string | null
  to: string | null
  count: number
}

/** All rows of one rule. */
export interface Group {
  readonly rule: string
  readonly title: string
  readonly priority: Finding['priority']
  count: number
  readonly rows: Map<string, Row>
  /** Findings whose rows are not kept. */
  others: number
}

/** Collects findings into rows and rows into rules, in bounded memory. */
export class Groups {
  readonly #groups = new Map<string, Group>()

  add(finding: Finding): void {
    const { rule, engine, title, priority } = finding
    const key = JSON.stringify([engine, rule, priority])
    let group = this.#groups.get(key)
    if (!group) {
      group = { rule, title, priority, count: 0, rows: new Map(), others: 0 }
      this.#groups.set(key, group)
    }
    group.count += 1
    addRow(group, finding)
  }

  /** Most urgent first; among equals the rule with more findings, then by name. */
  sorted(): Group[] {
    const rank = (group: Group): number => priorities.indexOf(group.priority)
    return [...this.#groups.values()].sort(
      (a, b) => rank(a) - rank(b) || b.count - a.count || (a.rule < b.rule ? -1 : 1),
    )
  }
}

function addRow(group: Group, finding: Finding): void {
  const key = JSON.stringify([finding.message, finding.user.name, finding.sourceIPs])
  const row = group.rows.get(key)
  if (row) {
    row.count += 1
    row.to = finding.time
  } else if (group.rows.size < ROWS_MAX) {
    group.rows.set(key, { first: finding, from: finding.time, to: finding.time, count: 1 })
  } else {
    group.others += 1
  }
}
