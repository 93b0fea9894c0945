import { testAtom, typeOf } from './atom.ts'
import { literalKey } from './key.ts'
import { hasOpaque } from './opaque.ts'
import type { Atom, Json, Literal, Path, TypeName } from './residual.ts'

/** What is known to hold where a literal is looked at: the literals beside it, and around it. */
export class Facts {
  readonly #around: Facts | undefined
  readonly #true = new Set<string>()
  readonly #false = new Set<string>()
  readonly #defined = new Set<string>()
  readonly #values = new Map<string, { readonly value: Json }>()
  readonly #types = new Map<string, TypeName>()

  constructor(around?: Facts) {
    this.#around = around
  }

  add(literal: Literal): void {
    // That something may hold says nothing about whether it does elsewhere.
    if (hasOpaque(literal)) return
    this.#true.add(literalKey(literal))
    if (literal.kind === 'atom') this.#addAtom(literal)
    if (literal.kind === 'some') this.#define(literal.path)
    if (literal.kind !== 'not') return
    for (const inner of literal.residual) {
      if (inner.length === 1) this.#false.add(literalKey(inner[0]!))
    }
  }

  #addAtom(atom: Atom): void {
    this.#define(atom.path)
    const at = JSON.stringify(atom.path)
    if (atom.operator === 'type') this.#types.set(at, atom.type)
    if (TEXT_OPERATORS.has(atom.operator)) this.#types.set(at, 'string')
    if (!('operand' in atom)) return
    const { operand } = atom
    if ('path' in operand) this.#define(operand.path)
    if (atom.operator === 'equal' && 'constant' in operand) {
      this.#values.set(at, { value: operand.constant })
      this.#types.set(at, typeOf(operand.constant))
    }
    if (atom.operator === 'equal' && 'concat' in operand) this.#types.set(at, 'string')
  }

  /** Something stands at a path only where something stands above it. */
  #define({ from, steps }: Path): void {
    for (let length = steps.length; length >= 0; length--) {
      const key = JSON.stringify({ from, steps: steps.slice(0, length) })
      if (this.#defined.has(key)) return
      this.#defined.add(key)
    }
  }

  /** Whether a literal holds here for certain, or certainly does not. */
  decide(literal: Literal): boolean | undefined {
    if (hasOpaque(literal)) return undefined
    const key = literalKey(literal)
    if (this.#find((facts) => facts.#true.has(key) || undefined)) return true
    if (this.#find((facts) => facts.#false.has(key) || undefined)) return false
    if (literal.kind === 'not') return this.#decideNot(literal)
    return literal.kind === 'atom' ? this.#decideAtom(literal) : undefined
  }

  #decideNot({ residual }: Extract<Literal, { kind: 'not' }>): boolean | undefined {
    if (residual.length !== 1 || residual[0]!.length !== 1) return undefined
    const inner = this.decide(residual[0]![0]!)
    return inner === undefined ? undefined : !inner
  }

  #decideAtom(atom: Atom): boolean | undefined {
    const at = JSON.stringify(atom.path)
    if (atom.operator === 'defined') {
      return this.#find((facts) => facts.#defined.has(at) || undefined)
    }
    const known = this.#find((facts) => facts.#values.get(at))
    if (known) return testAtom(atom, known.value)
    const type = this.#find((facts) => facts.#types.get(at))
    if (type === undefined) return undefined
    if (atom.operator === 'type') return atom.type === type
    if (TEXT_OPERATORS.has(atom.operator) && type !== 'string') return false
    if (atom.operator === 'truthy' && type !== 'boolean') return true
    if (atom.operator !== 'equal' || !('constant' in atom.operand)) return undefined
    return typeOf(atom.operand.constant) === type ? undefined : false
  }

  #find<T>(look: (facts: Facts) => T | undefined): T | undefined {
    const around = this.#around
    return look(this) ?? (around ? around.#find(look) : undefined)
  }
}

/** Operators that hold for strings only. */
const TEXT_OPERATORS: ReadonlySet<string> = new Set([
  'startsWith',
  'endsWith',
  'contains',
  'regexMatch',
  'cidrContains',
  'globMatch',
])
