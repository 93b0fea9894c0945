/**
 * Remembers which rules fired for which requests. A request leaves up to four events (one per
 * stage) under one auditID; the first finding in input order stands for all.
 */
export class Dedup {
  readonly #window: number
  /** Nearly every request has one finding, which is not worth a set. */
  readonly #seen = new Map<string, string | Set<string>>()
  /** The auditIDs in a ring: to ask a map for its oldest key takes the longer the more were deleted. */
  readonly #order: string[] = []
  #next = 0

  /** @param window how many auditIDs with findings are remembered. */
  constructor(window: number) {
    this.#window = window
  }

  /** True when this kind of finding of a rule was reported for the auditID before; remembers it else. */
  isRepeat(auditID: string, kind: string, rule: string): boolean {
    const key = `${kind} ${rule}`
    const rules = this.#seen.get(auditID)
    if (rules !== undefined) {
      if (typeof rules === 'string') {
        if (rules === key) return true
        this.#seen.set(auditID, new Set([rules, key]))
        return false
      }
      if (rules.has(key)) return true
      rules.add(key)
      return false
    }
    const oldest = this.#order[this.#next]
    if (oldest !== undefined) this.#seen.delete(oldest)
    this.#order[this.#next] = auditID
    this.#next = (this.#next + 1) % this.#window
    this.#seen.set(auditID, key)
    return false
  }
}
