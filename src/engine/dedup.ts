/**
 * Remembers which rules fired for which requests. A request leaves up to four events (one per
 * stage) under one auditID; the first finding in input order stands for all.
 */
export class Dedup {
  readonly #window: number
  /** Nearly every request has one finding, which is not worth a set. */
  readonly #seen = new Map<string, string | Set<string>>()

  /** @param window how many auditIDs with findings are remembered. */
  constructor(window: number) {
    this.#window = window
  }

  /** True when this engine and rule were reported for the auditID before; remembers them else. */
  isRepeat(auditID: string, engine: string, rule: string): boolean {
    const key = `${engine} ${rule}`
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
    this.#seen.set(auditID, key)
    if (this.#seen.size > this.#window) this.#seen.delete(this.#seen.keys().next().value!)
    return false
  }
}
