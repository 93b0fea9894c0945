import { RegoObject, RegoSet, equal, identity } from '../value.ts'
import type { Value } from '../value.ts'
import { BuiltinError, isArray, operand } from './builtin.ts'
import type { Builtins } from './builtin.ts'

export const subsets: Builtins = {
  'object.subset': (operands) => {
    const answer = isSubset(operand(operands, 0), operand(operands, 1), true)
    if (answer === undefined)
      throw new BuiltinError('operands must be of one type, or array and set')
    return answer
  },
}

/** Undefined where the two have no such relation. Only the outermost array may hold a set. */
function isSubset(whole: Value, part: Value, isOutermost: boolean): boolean | undefined {
  if (whole instanceof RegoObject && part instanceof RegoObject) return holdsObject(whole, part)
  if (whole instanceof RegoSet && part instanceof RegoSet) {
    return holdsAll(whole.elements, part.elements)
  }
  if (!isArray(whole)) return undefined
  if (isArray(part)) return holdsRun(whole, part)
  if (!isOutermost || !(part instanceof RegoSet)) return undefined
  return holdsEach(whole, part)
}

function holdsObject(whole: RegoObject, part: RegoObject): boolean {
  return part.entries.every(([key, value]) => {
    const held = whole.get(key)
    if (held === undefined) return false
    return equal(held, value) || isSubset(held, value, false) === true
  })
}

function holdsAll(whole: readonly Value[], part: readonly Value[]): boolean {
  const held = new Set(whole.map(identity))
  return part.every((element) => held.has(identity(element)))
}

/**
 * The elements of the set in any places. OPA counts places, not elements, so repeated elements
 * stand in for missing ones, and nothing at all is held by an empty array.
 */
function holdsEach(whole: readonly Value[], part: RegoSet): boolean {
  const wanted = new Set(part.elements.map(identity))
  let missing = wanted.size
  return whole.some((element) => {
    if (wanted.has(identity(element))) missing--
    return missing === 0
  })
}

/** The elements of the part, one after the other. */
function holdsRun(whole: readonly Value[], part: readonly Value[]): boolean {
  if (part.length > whole.length) return false
  for (let start = 0; start + part.length <= whole.length; start++) {
    if (part.every((element, index) => equal(whole[start + index]!, element))) return true
  }
  return false
}
