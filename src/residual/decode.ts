import { createHash } from 'node:crypto'
import { ParapetError } from '../text/error.ts'
import { isObject } from '../text/json.ts'
import { RESIDUALS_DEPTH_MAX, RESIDUALS_LITERALS_MAX } from '../text/limits.ts'
import { type EncodedResiduals, RESIDUALS_VERSION } from './encode.ts'
import type {
  Conjunction,
  GuardrailResidual,
  Json,
  Literal,
  Operand,
  Origin,
  Path,
  Residual,
  Step,
  TypeName,
} from './residual.ts'

/**
 * Reads the residuals that a bundle's manifest carries under `metadata.residuals`. Undefined where
 * there are none, where they are of another version, or about another policy.wasm than the one
 * beside them: then every event may match every guardrail.
 *
 * @throws ParapetError `RESIDUALS_INVALID`
 */
export function decodeResiduals(
  encoded: unknown,
  wasm: Uint8Array,
): readonly GuardrailResidual[] | undefined {
  if (encoded === undefined) return undefined
  const root = objectIn(encoded)
  if (root['version'] !== RESIDUALS_VERSION) return undefined
  if (root['wasm'] !== createHash('sha256').update(wasm).digest('hex')) return undefined
  return readResiduals(root)
}

/**
 * Reads residuals that are of this version, and about the policy.wasm beside them.
 * @throws ParapetError `RESIDUALS_INVALID`
 */
export function readResiduals(
  root: EncodedResiduals | Readonly<Record<string, unknown>>,
): readonly GuardrailResidual[] {
  const paths = arrayIn(root['paths']).map(decodePath)
  const decoder = new Decoder(paths)
  for (const literal of arrayIn(root['literals'])) decoder.add(literal)
  return arrayIn(root['guardrails']).map((one) => {
    const { entrypoint, residual, reads, pure } = objectIn(one)
    if (typeof entrypoint !== 'string' || typeof pure !== 'boolean') throw invalid()
    return {
      entrypoint,
      residual: decoder.residual(residual, 0).residual,
      reads: arrayIn(reads).map((number) => decoder.path(number, 0)),
      pure,
    }
  })
}

/** A literal, and what it takes to be allowed somewhere. */
interface Decoded {
  readonly literal: Literal
  /** How many `some` must stand around it at least. */
  readonly depth: number
  /** Literals in it, counted as often as they are referred to. */
  readonly size: number
  readonly height: number
}

const UNARY: ReadonlySet<string> = new Set(['defined', 'truthy'])
const TYPES: ReadonlySet<string> = new Set([
  'null',
  'boolean',
  'number',
  'string',
  'array',
  'object',
])
const COMPARING: ReadonlySet<string> = new Set([
  'equal',
  'notEqual',
  'in',
  'less',
  'lessOrEqual',
  'greater',
  'greaterOrEqual',
  'startsWith',
  'endsWith',
  'contains',
  'regexMatch',
  'cidrContains',
])

class Decoder {
  readonly #paths: readonly Path[]
  readonly #literals: Decoded[] = []

  constructor(paths: readonly Path[]) {
    this.#paths = paths
  }

  add(encoded: unknown): void {
    this.#literals.push(this.#literal(arrayIn(encoded)))
  }

  /** @param depth how many `some` stand around it */
  residual(encoded: unknown, depth: number): { residual: Residual; size: number; height: number } {
    let size = 1
    let height = 1
    const residual = arrayIn(encoded).map((conjunction): Conjunction =>
      arrayIn(conjunction).map((number) => {
        const found = typeof number === 'number' ? this.#literals[number] : undefined
        if (!found || found.depth > depth) throw invalid()
        size += found.size
        height = Math.max(height, found.height + 1)
        return found.literal
      }),
    )
    if (size > RESIDUALS_LITERALS_MAX || height > RESIDUALS_DEPTH_MAX) throw invalid()
    return { residual, size, height }
  }

  path(number: unknown, depth: number): Path {
    const path = typeof number === 'number' ? this.#paths[number] : undefined
    if (!path || depthOf(path) > depth) throw invalid()
    return path
  }

  #literal(encoded: readonly unknown[]): Decoded {
    const [kind, ...rest] = encoded
    switch (kind) {
      case 'some':
        return this.#some(rest)
      case 'not':
      case 'any': {
        const { residual, ...cost } = this.residual(rest[0], Infinity)
        return { literal: { kind, residual }, depth: depthOfResidual(this, rest[0]), ...cost }
      }
      case 'opaque': {
        const reads = arrayIn(rest[0]).map((path) => this.path(path, Infinity))
        if (typeof rest[1] !== 'string') throw invalid()
        const depth = highest(reads.map(depthOf))
        return { literal: { kind, reads, text: rest[1] }, depth, size: 1, height: 1 }
      }
      default:
        return this.#atom(String(kind), rest)
    }
  }

  #some([number, where]: readonly unknown[]): Decoded {
    const path = this.path(number, Infinity)
    const { residual, ...cost } = this.residual(where, Infinity)
    // Its own element is one that needs nothing around it.
    const depth = Math.max(depthOf(path), depthOfResidual(this, where) - 1)
    return { literal: { kind: 'some', path, where: residual }, depth, ...cost }
  }

  #atom(operator: string, [number, extra, delimiters]: readonly unknown[]): Decoded {
    const path = this.path(number, Infinity)
    const sizes = { size: 1, height: 1 }
    if (UNARY.has(operator)) {
      const literal = { kind: 'atom', path, operator } as Literal
      return { literal, depth: depthOf(path), ...sizes }
    }
    if (operator === 'type') {
      if (!TYPES.has(String(extra))) throw invalid()
      const literal: Literal = { kind: 'atom', path, operator, type: extra as TypeName }
      return { literal, depth: depthOf(path), ...sizes }
    }
    const { operand, depth } = this.#operand(extra)
    const needed = { depth: Math.max(depthOf(path), depth), ...sizes }
    if (operator === 'globMatch') {
      const marks = delimiters === null ? null : arrayIn(delimiters).map(textIn)
      return { literal: { kind: 'atom', path, operator, operand, delimiters: marks }, ...needed }
    }
    if (!COMPARING.has(operator)) throw invalid()
    return { literal: { kind: 'atom', path, operator, operand } as Literal, ...needed }
  }

  #operand(encoded: unknown): { operand: Operand; depth: number } {
    const one = objectIn(encoded)
    if ('constant' in one) return { operand: { constant: one['constant'] as Json }, depth: 0 }
    if ('path' in one) {
      const path = this.path(one['path'], Infinity)
      return { operand: { path }, depth: depthOf(path) }
    }
    const parts = arrayIn(one['concat']).map((part) => this.#operand(part))
    const depth = highest(parts.map((part) => part.depth))
    return { operand: { concat: parts.map(({ operand }) => operand) }, depth }
  }

  depthOf(number: unknown): number {
    return this.#literals[number as number]!.depth
  }
}

function depthOfResidual(decoder: Decoder, encoded: unknown): number {
  return highest((encoded as number[][]).flat().map((number) => decoder.depthOf(number)))
}

function highest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0)
}

function depthOf({ from }: Path): number {
  if (typeof from === 'string') return 0
  return 'element' in from ? from.element : from.key
}

function decodePath(encoded: unknown): Path {
  const [from, ...steps] = arrayIn(encoded)
  if (!steps.every((step) => typeof step === 'string' || typeof step === 'number')) throw invalid()
  return { from: decodeOrigin(from), steps: steps as readonly Step[] }
}

function decodeOrigin(encoded: unknown): Origin {
  if (encoded === 'event' || encoded === 'data') return encoded
  const match = /^(element|key) ([1-9]\d{0,3})$/.exec(String(encoded))
  if (!match) throw invalid()
  return match[1] === 'element' ? { element: Number(match[2]) } : { key: Number(match[2]) }
}

function arrayIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw invalid()
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value
  throw invalid()
}

function textIn(value: unknown): string {
  if (typeof value === 'string') return value
  throw invalid()
}

function invalid(): ParapetError {
  return new ParapetError(
    'RESIDUALS_INVALID',
    "the residuals in the bundle's manifest are damaged",
    {
      help: 'build the bundle again with `parapet build`',
    },
  )
}
