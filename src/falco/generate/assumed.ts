/** What an atom takes for granted of a value whose type nothing says: Falco has the texts of all types alike. */
import { typeOf } from '../../residual/atom.ts'
import { type Atom, type Json, pathText } from '../../residual/residual.ts'
import { isInMap } from './bodies.ts'
import { Inexpressible } from './inexpressible.ts'

/**
 * `input.requestObject.spec.replicas is a number`; undefined where any type will do.
 *
 * @throws Inexpressible where several types are asked for, of which texts are alike
 */
export function assumedBy(atom: Atom): string | undefined {
  const type = typeAsked(atom)
  return type && `${pathText(atom.path)} is ${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`
}

function typeAsked(atom: Atom): string | undefined {
  switch (atom.operator) {
    case 'defined':
    case 'type':
      return undefined
    case 'truthy':
      return isInMap(atom.path.steps.slice(1)) ? undefined : 'boolean, or not the text false'
    case 'equal':
    case 'notEqual':
    case 'in':
      if (!('constant' in atom.operand)) return 'string'
      return typeOfAll(constantsOf(atom.operator, atom.operand.constant))
    case 'less':
    case 'lessOrEqual':
    case 'greater':
    case 'greaterOrEqual':
      return 'number'
    default:
      return 'string'
  }
}

function constantsOf(operator: string, constant: Json): readonly Json[] {
  return operator === 'in' && Array.isArray(constant) ? (constant as readonly Json[]) : [constant]
}

function typeOfAll(constants: readonly Json[]): string | undefined {
  const [type, ...others] = new Set(constants.map(ambiguous).filter((one) => one !== undefined))
  if (others.length > 0)
    throw new Inexpressible(`${type} and ${others.join(' and ')}, of which texts are alike`)
  return type
}

/** The type of a constant whose text another type can have too. Null is looked for in another way. */
function ambiguous(constant: Json): string | undefined {
  if (typeof constant !== 'string') return constant === null ? undefined : typeOf(constant)
  return /^(?:true$|false$|null$|[-0-9[{])/.test(constant) ? 'string' : undefined
}
