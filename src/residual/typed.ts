import { typeOf } from './atom.ts'
import { reduce } from './reduce.ts'
import { numberElements, rangeElements } from './read/elements.ts'
import { type Atom, type Json, type Literal, type Path, type Residual, test } from './residual.ts'
import type { Step, TypeName } from './residual.ts'

/** The type of what may stand at a way down from the event, or from data; null in it is any element. */
export type TypeOf = (way: readonly (Step | null)[], from: 'event' | 'data') => TypeName | undefined

/** The same condition, said shorter where that is possible. */
export function shorten(residual: Residual): Residual {
  return numberElements(reduce(rangeElements(residual)))
}

/**
 * What a residual says of events whose fields have the types that they should have: alternatives for
 * other types go. For rules of engines that only ever see such events; the index must not use it.
 */
export function assumeTypes(residual: Residual, types: TypeOf): Residual {
  return shorten(assume(residual, { types, elements: [] }))
}

interface Context {
  readonly types: TypeOf
  /** The ways to the elements of the enclosing `some`, undefined where one stands at a key. */
  readonly elements: readonly (Way | undefined)[]
}

interface Way {
  readonly from: 'event' | 'data'
  readonly steps: readonly (Step | null)[]
}

function assume(residual: Residual, context: Context): Residual {
  return residual.flatMap((conjunction) => {
    const literals = conjunction.map((literal) => assumeLiteral(literal, context))
    if (literals.includes(false)) return []
    return [literals.filter((literal) => literal !== false)]
  })
}

function assumeLiteral(literal: Literal, context: Context): Literal | false {
  switch (literal.kind) {
    case 'atom':
      return assumeAtom(literal, context)
    case 'some': {
      const way = wayTo(literal.path, context)
      const element = way && { ...way, steps: [...way.steps, null] }
      const elements = [...context.elements, element]
      return { ...literal, where: assume(literal.where, { ...context, elements }) }
    }
    case 'not':
    case 'any':
      return { ...literal, residual: assume(literal.residual, context) }
    case 'opaque':
      return literal
  }
}

function assumeAtom(atom: Atom, context: Context): Literal | false {
  const way = wayTo(atom.path, context)
  const type = way && context.types(way.steps, way.from)
  if (type === undefined) return atom
  if (atom.operator === 'type') return atom.type === type && isThere(atom)
  if (atom.operator === 'truthy' && type !== 'boolean') return isThere(atom)
  if (atom.operator !== 'equal' || !('constant' in atom.operand)) return atom
  return typeOf(atom.operand.constant) === type && atom
}

function isThere({ path, location }: Atom): Atom {
  return { ...test(path, 'defined'), ...(location ? { location } : {}) }
}

function wayTo({ from, steps }: Path, context: Context): Way | undefined {
  if (from === 'event' || from === 'data') return { from, steps }
  const way = 'element' in from ? context.elements[from.element - 1] : undefined
  return way && { ...way, steps: [...way.steps, ...steps] }
}

const TYPES: Readonly<Record<string, TypeName>> = {
  null: 'null',
  boolean: 'boolean',
  integer: 'number',
  number: 'number',
  string: 'string',
  array: 'array',
  object: 'object',
}

/** The types that a JSON schema gives to an event's fields; those that it leaves open have none. */
export function schemaTypes(schema: Json): TypeOf {
  return (way, from) => {
    if (from === 'data') return undefined
    let at: Json | undefined = schema
    for (const step of way) at = below(at, step)
    const type = memberOf(at, 'type')
    return typeof type === 'string' ? TYPES[type] : undefined
  }
}

function below(schema: Json | undefined, step: Step | null): Json | undefined {
  if (typeof step !== 'string') {
    const items = memberOf(schema, 'items')
    return step === null && items === undefined ? memberOf(schema, 'additionalProperties') : items
  }
  const properties = memberOf(schema, 'properties')
  return memberOf(properties, step) ?? memberOf(schema, 'additionalProperties')
}

function memberOf(schema: Json | undefined, name: string): Json | undefined {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return undefined
  const members = schema as { readonly [name: string]: Json }
  return Object.hasOwn(members, name) ? members[name] : undefined
}
