import { compareJson, equalJson } from './compare.ts'
import type { Atom, Json, TypeName } from './residual.ts'
import { elementsOf } from './value.ts'

/**
 * Whether an atom holds for a value that is there; undefined where this cannot be said without
 * OPA's own implementation (patterns, networks) or without the event (an operand that is a path).
 */
export function testAtom(atom: Atom, value: Json): boolean | undefined {
  switch (atom.operator) {
    case 'defined':
      return true
    case 'truthy':
      return value !== false
    case 'type':
      return typeOf(value) === atom.type
    case 'globMatch':
      return undefined
    default:
      return 'constant' in atom.operand
        ? testComparison(atom.operator, value, atom.operand.constant)
        : undefined
  }
}

export function typeOf(value: Json): TypeName {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : (typeof value as TypeName)
}

function testComparison(operator: Atom['operator'], value: Json, than: Json): boolean | undefined {
  switch (operator) {
    case 'equal':
      return equalJson(value, than)
    case 'notEqual':
      return !equalJson(value, than)
    case 'in':
      return elementsOf(than).some(([, element]) => equalJson(value, element))
    case 'less':
      return compareJson(value, than) < 0
    case 'lessOrEqual':
      return compareJson(value, than) <= 0
    case 'greater':
      return compareJson(value, than) > 0
    case 'greaterOrEqual':
      return compareJson(value, than) >= 0
    default:
      return testText(operator, value, than)
  }
}

function testText(operator: Atom['operator'], value: Json, than: Json): boolean | undefined {
  if (typeof value !== 'string' || typeof than !== 'string') return false
  if (operator === 'startsWith') return value.startsWith(than)
  if (operator === 'endsWith') return value.endsWith(than)
  return operator === 'contains' ? value.includes(than) : undefined
}
