/**
 * Why a part of an input was not evaluated. `MALFORMED_LINE`: it is no JSON object. `LINE_TOO_LONG`:
 * it is over the limit, and was skipped. `TOO_DEEP`: it is nested too deep. `NOT_AN_EVENT`: it is an
 * object, but no audit event. `NOT_TEXT`: the whole input was refused.
 */
export type MalformedCode =
  | 'MALFORMED_LINE'
  | 'LINE_TOO_LONG'
  | 'TOO_DEEP'
  | 'NOT_AN_EVENT'
  | 'NOT_TEXT'

/** A part of an input that was not evaluated. Holds nothing of its bytes: they may be secrets. */
export interface Malformed {
  /** The input's name. */
  readonly file: string
  readonly code: MalformedCode
  /** One-based line on which it begins. */
  readonly line: number
  /** Bytes from its beginning to where the flaw was noticed. */
  readonly offset: number
  /** Lower case, no full stop: `there is more text after the JSON object`. */
  readonly reason: string
  /** What to do about it, where something can be done. */
  readonly help?: string
  /** It stands for the same of the whole input, and is said once. */
  readonly ofInput?: true
}
