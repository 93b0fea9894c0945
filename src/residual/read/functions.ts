import { type Json, type Path, type Residual, test, type TypeName } from '../residual.ts'
import { member } from './collection.ts'
import { below, equal, itemsOf, membersOf } from './compare.ts'
import { both, either, literal, opposite, truth } from './logic.ts'
import { opaque } from './opaque.ts'
import type { Run } from './run.ts'
import { text } from './text.ts'
import { ofType, type Wanted } from './types.ts'
import { constant, typeOfValue, type Value } from './value.ts'
import { valueText } from './words.ts'

/** One value of a builtin, and when it has it. */
export interface Outcome {
  readonly value: Value
  readonly when: Residual
}

/** A builtin whose value is not just true or false. */
export interface Computation {
  readonly arity: number
  readonly outcomes: (run: Run, args: readonly Value[]) => readonly Outcome[]
}

/** A builtin that answers whenever its arguments have the types that it takes. */
function total(
  name: string,
  types: readonly (Wanted | readonly Wanted[])[],
  result: TypeName | undefined,
): Computation {
  return {
    arity: types.length,
    outcomes: (run, args) => [
      {
        value: { kind: 'call', name, args, type: result },
        when: both(...types.map((type, i) => ofType(run, args[i]!, [type].flat() as Wanted[]))),
      },
    ],
  }
}

const names = (builtins: string): readonly string[] => builtins.split(' ')
const texts = (name: string, arity: number, result: TypeName): [string, Computation] => [
  name,
  total(name, Array<Wanted>(arity).fill('string'), result),
]
const numbers = (name: string, arity: number): [string, Computation] => [
  name,
  total(name, Array<Wanted>(arity).fill('number'), 'number'),
]

/** By OPA's names. */
export const COMPUTATIONS: Readonly<Record<string, Computation>> = {
  ...Object.fromEntries(
    names('lower upper trim_space base64.encode base64url.encode').map((n) =>
      texts(n, 1, 'string'),
    ),
  ),
  ...Object.fromEntries(
    names('trim trim_left trim_right trim_prefix trim_suffix').map((n) => texts(n, 2, 'string')),
  ),
  replace: texts('replace', 3, 'string')[1],
  split: texts('split', 2, 'array')[1],
  ...Object.fromEntries(names('abs ceil floor round').map((n) => numbers(n, 1))),
  ...Object.fromEntries(names('plus mul').map((n) => numbers(n, 2))),
  'array.concat': total('array.concat', ['array', 'array'], 'array'),
  'array.reverse': total('array.reverse', ['array'], 'array'),
  'array.slice': total('array.slice', ['array', 'number', 'number'], 'array'),
  'array.flatten': total('array.flatten', ['array'], 'array'),
  sort: total('sort', [['array', 'set']], 'array'),
  sprintf: total('sprintf', ['string', 'array'], 'string'),
  type_name: {
    arity: 1,
    outcomes: (_run, args) => [
      { value: { kind: 'call', name: 'type_name', args, type: 'string' }, when: truth(true) },
    ],
  },
  'json.marshal': {
    arity: 1,
    outcomes: (_run, args) => [
      { value: { kind: 'call', name: 'json.marshal', args, type: 'string' }, when: truth(true) },
    ],
  },
  div: division('div'),
  rem: division('rem'),
  count: { arity: 1, outcomes: countOf },
  concat: { arity: 2, outcomes: concatenated },
  and: { arity: 2, outcomes: setOperation('and') },
  or: { arity: 2, outcomes: setOperation('or') },
  minus: { arity: 2, outcomes: difference },
  'object.get': { arity: 3, outcomes: objectGet },
  'internal.template_string': { arity: 1, outcomes: template },
}

/** A division answers unless by zero. */
function division(name: 'div' | 'rem'): Computation {
  return {
    arity: 2,
    outcomes: (run, args) => {
      const [outcome] = total(name, ['number', 'number'], 'number').outcomes(run, args)
      const by = args[1]!
      const zero = by.kind === 'constant' ? truth(by.value === 0) : equal(run, by, constant(0))
      // The rest is defined for integers only.
      const isWhole = name === 'div' ? truth(true) : opaque(run, `${name} of integers`, ...args)
      return [{ ...outcome!, when: both(outcome!.when, opposite(zero), isWhole) }]
    },
  }
}

function countOf(run: Run, args: readonly Value[]): readonly Outcome[] {
  const [value] = args
  const size = itemsOf(value!)?.length ?? membersOf(value!)?.size
  if (size !== undefined) return [{ value: constant(size), when: truth(true) }]
  const when = ofType(run, value!, ['array', 'object', 'set', 'string'])
  return [{ value: { kind: 'call', name: 'count', args, type: 'number' }, when }]
}

function template(_run: Run, [parts]: readonly Value[]): readonly Outcome[] {
  const items = itemsOf(parts!)
  if (items) return [{ value: { kind: 'template', parts: items }, when: truth(true) }]
  return []
}

function concatenated(run: Run, args: readonly Value[]): readonly Outcome[] {
  const [delimiter, list] = args
  const items = itemsOf(list!)
  if (!items || delimiter!.kind !== 'constant') {
    const value: Value = { kind: 'call', name: 'concat', args, type: 'string' }
    return [{ value, when: both(ofType(run, delimiter!, ['string']), allTexts(run, list!)) }]
  }
  const separated = items.flatMap((item, i) => (i === 0 ? [item] : [delimiter!, item]))
  const when = both(...separated.map((part) => ofType(run, part, ['string'])))
  if (separated.some((part) => part.kind === 'template' || part.kind === 'unknown')) {
    return [{ value: { kind: 'call', name: 'concat', args, type: 'string' }, when }]
  }
  return when.length === 0 ? [] : [{ value: text(separated), when }]
}

/** Every element of a collection is a string. */
function allTexts(run: Run, list: Value): Residual {
  const isList = ofType(run, list, ['array', 'set'])
  if (list.kind === 'call' && list.name === 'sort') return allTexts(run, list.args[0]!)
  if (list.kind === 'call' && list.name === 'split') return isList
  if (list.kind === 'unknown' || list.kind === 'call') {
    return both(isList, opaque(run, `the elements of ${valueText(run, list)}`, list))
  }
  const other = run.anyElement(list, (element) => opposite(ofType(run, element, ['string'])))
  return both(isList, opposite(other))
}

function isSet(value: Value): boolean {
  return typeOfValue(value) === 'set'
}

function setOperation(operator: 'and' | 'or'): Computation['outcomes'] {
  return (run, args) => {
    const [left, right] = args
    const when = both(ofType(run, left!, ['set']), ofType(run, right!, ['set']))
    if (isSet(left!) && isSet(right!))
      return [{ value: { kind: 'sets', operator, left: left!, right: right! }, when }]
    return [{ value: { kind: 'call', name: operator, args, type: undefined }, when }]
  }
}

function difference(run: Run, args: readonly Value[]): readonly Outcome[] {
  const [left, right] = args
  if (isSet(left!) && isSet(right!)) {
    const value: Value = { kind: 'sets', operator: 'minus', left: left!, right: right! }
    return [{ value, when: truth(true) }]
  }
  return total('minus', ['number', 'number'], 'number').outcomes(run, args)
}

function objectGet(run: Run, [object, key, otherwise]: readonly Value[]): readonly Outcome[] {
  if (key!.kind === 'constant' && object!.kind === 'path') {
    return getAt(run, object!.path, key!.value, otherwise!)
  }
  const members = membersOf(object!)
  if (members) return getOf(run, members, key!, otherwise!)
  const args = [object!, key!, otherwise!]
  const value: Value = { kind: 'call', name: 'object.get', args, type: undefined }
  return [{ value, when: ofType(run, object!, ['object']) }]
}

/** A list of names is a way down; a name alone leads to a member only. */
function getAt(run: Run, path: Path, key: Json, otherwise: Value): readonly Outcome[] {
  const steps = Array.isArray(key) ? (key as readonly Json[]) : [key]
  // The event is always an object.
  const isRoot = path.from === 'event' && path.steps.length === 0
  const isObject = isRoot ? truth(true) : ofType(run, { kind: 'path', path }, ['object'])
  if (!steps.every((step) => typeof step === 'string' || typeof step === 'number')) {
    return [{ value: otherwise, when: isObject }]
  }
  const at = below(path, ...(steps as readonly (string | number)[]))
  // An index leads into an array, and where the first step is one there is an object.
  const isThere = typeof steps[0] === 'number' ? truth(false) : literal(test(at, 'defined'))
  return [
    { value: { kind: 'path', path: at }, when: both(isObject, isThere) },
    { value: otherwise, when: both(isObject, opposite(isThere)) },
  ]
}

/** A member of an object whose names are known. */
function getOf(
  run: Run,
  members: ReadonlyMap<string, Value>,
  key: Value,
  otherwise: Value,
): readonly Outcome[] {
  if (typeOfValue(key) === 'array') {
    const value: Value = {
      kind: 'unknown',
      reads: [key, otherwise, ...members.values()].flatMap((one) => run.readsOf(one)),
      text: 'object.get',
    }
    return [{ value, when: truth(true) }]
  }
  if (key.kind === 'path') {
    // An array would be a way down.
    const isPath = ofType(run, key, ['array'])
    const found = [...members].map(([name, value]) => ({
      value,
      when: equal(run, key, constant(name)),
    }))
    const isName = member(run, key, { kind: 'set', items: [...members.keys()].map(constant) })
    const unknown: Value = { kind: 'unknown', reads: run.readsOf(key), text: 'object.get' }
    return [
      ...found,
      { value: otherwise, when: both(opposite(isName), opposite(isPath)) },
      { value: unknown, when: isPath },
    ]
  }
  const found = [...members].map(([name, value]) => ({
    value,
    when: equal(run, key, constant(name)),
  }))
  const none = opposite(either(...found.map(({ when }) => when)))
  return [...found, { value: otherwise, when: none }]
}
