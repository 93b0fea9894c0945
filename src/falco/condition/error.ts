/** What is wrong with a condition, and where in its text. */
export class ConditionError extends Error {
  /** UTF-16 offset into the text that was parsed. */
  readonly at: number
  readonly help: string | undefined

  constructor(message: string, at: number, help?: string) {
    super(message)
    this.name = 'ConditionError'
    this.at = at
    this.help = help
  }
}
