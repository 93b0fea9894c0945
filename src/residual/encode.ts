import type { GuardrailResidual, Literal, Operand, Path, Residual } from './residual.ts'

/** The form in which a bundle carries residuals; another number is another form. */
export const RESIDUALS_VERSION = 1

/**
 * Residuals of one policy as a bundle's manifest carries them. Paths and literals stand in tables
 * and are named by their place, so that what guardrails share is there once. An entry refers to
 * earlier ones only. Locations are left out.
 */
export interface EncodedResiduals {
  readonly version: typeof RESIDUALS_VERSION
  /** SHA-256 in hex of the policy.wasm that they are about; whoever writes the bundle fills it in. */
  readonly wasm: string
  /** Where a path begins (`event`, `data`, `element 1`, `key 1`), and its steps. */
  readonly paths: readonly (readonly (string | number)[])[]
  readonly literals: readonly EncodedLiteral[]
  readonly guardrails: readonly {
    readonly entrypoint: string
    readonly residual: EncodedResidual
    /** Numbers of paths. */
    readonly reads: readonly number[]
    readonly pure: boolean
  }[]
}

/** Numbers of literals. */
export type EncodedResidual = readonly (readonly number[])[]

/** What kind it is, the number of its path where it has one, and the rest. */
export type EncodedLiteral = readonly [string, ...unknown[]]

export type EncodedOperand =
  | { readonly constant: unknown }
  | { readonly path: number }
  | { readonly concat: readonly EncodedOperand[] }

/** @param wasm SHA-256 of the policy.wasm, where it is known already */
export function encodeResiduals(
  guardrails: readonly GuardrailResidual[],
  wasm = '',
): EncodedResiduals {
  const paths = new Table<Path, readonly (string | number)[]>(encodePath)
  const literals = new Table<Literal, EncodedLiteral>((literal) => encodeLiteral(literal))
  const residual = (one: Residual): EncodedResidual =>
    one.map((conjunction) => conjunction.map((literal) => literals.number(literal)))
  const operand = (one: Operand): EncodedOperand => {
    if ('constant' in one) return one
    if ('path' in one) return { path: paths.number(one.path) }
    return { concat: one.concat.map(operand) }
  }
  const encodeLiteral = (literal: Literal): EncodedLiteral => {
    switch (literal.kind) {
      case 'atom': {
        const head: [string, number] = [literal.operator, paths.number(literal.path)]
        if (literal.operator === 'type') return [...head, literal.type]
        if (literal.operator === 'globMatch')
          return [...head, operand(literal.operand), literal.delimiters]
        return 'operand' in literal ? [...head, operand(literal.operand)] : head
      }
      case 'some':
        return ['some', paths.number(literal.path), residual(literal.where)]
      case 'not':
      case 'any':
        return [literal.kind, residual(literal.residual)]
      case 'opaque':
        return ['opaque', literal.reads.map((path) => paths.number(path)), literal.text]
    }
  }
  const encoded = guardrails.map((one) => ({
    entrypoint: one.entrypoint,
    residual: residual(one.residual),
    reads: one.reads.map((path) => paths.number(path)),
    pure: one.pure,
  }))
  return {
    version: RESIDUALS_VERSION,
    wasm,
    paths: paths.entries,
    literals: literals.entries,
    guardrails: encoded,
  }
}

/** Gives every distinct entry a number, the order in which they come up. */
class Table<T, E> {
  readonly entries: E[] = []
  readonly #encode: (value: T) => E
  readonly #numbers = new Map<string, number>()

  constructor(encode: (value: T) => E) {
    this.#encode = encode
  }

  number(value: T): number {
    const entry = this.#encode(value)
    const key = JSON.stringify(entry)
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.entries.push(entry) - 1
      this.#numbers.set(key, number)
    }
    return number
  }
}

function encodePath({ from, steps }: Path): readonly (string | number)[] {
  if (typeof from === 'string') return [from, ...steps]
  return ['element' in from ? `element ${from.element}` : `key ${from.key}`, ...steps]
}
