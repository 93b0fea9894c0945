import { testAtom } from '../atom.ts'
import type { ComparingOperator, Json, Path, Residual } from '../residual.ts'
import { member } from './collection.ts'
import { equal, operandOf, ORDER, ordered, unequal } from './compare.ts'
import { both, either, literal, opposite, truth } from './logic.ts'
import { loweredPattern } from './lowered.ts'
import { opaque } from './opaque.ts'
import type { Run } from './run.ts'
import { matches, withText } from './text.ts'
import { ofType, type Wanted } from './types.ts'
import type { Value } from './value.ts'
import { valueText } from './words.ts'

type Condition = (run: Run, args: readonly Value[]) => Residual

/** A builtin whose value is true or false. */
export interface Predicate {
  readonly arity: number
  readonly holds: Condition
  /** That it has a value at all. Default: whatever it is given. */
  readonly answers?: Condition
}

const strings: Condition = (run, args) => both(...args.map((arg) => ofType(run, arg, ['string'])))

function comparison(operator: keyof typeof ORDER): Predicate {
  return { arity: 2, holds: (run, [a, b]) => ordered(run, operator, a!, b!) }
}

function typeTest(...types: readonly Wanted[]): Predicate {
  return { arity: 1, holds: (run, [value]) => ofType(run, value!, types) }
}

function textTest(operator: 'startsWith' | 'endsWith' | 'contains'): Predicate {
  return {
    arity: 2,
    holds: (run, [text, part]) => testText(run, operator, text!, part!),
    answers: strings,
  }
}

/** By OPA's names. */
export const PREDICATES: Readonly<Record<string, Predicate>> = {
  equal: { arity: 2, holds: (run, [a, b]) => equal(run, a!, b!) },
  neq: { arity: 2, holds: (run, [a, b]) => unequal(run, a!, b!) },
  lt: comparison('lt'),
  lte: comparison('lte'),
  gt: comparison('gt'),
  gte: comparison('gte'),
  'internal.member_2': { arity: 2, holds: (run, [value, of]) => member(run, value!, of!) },
  is_string: typeTest('string'),
  is_number: typeTest('number'),
  is_boolean: typeTest('boolean'),
  is_null: typeTest('null'),
  is_array: typeTest('array'),
  is_object: typeTest('object'),
  is_set: typeTest('set'),
  startswith: textTest('startsWith'),
  endswith: textTest('endsWith'),
  contains: textTest('contains'),
  'strings.any_prefix_match': {
    arity: 2,
    holds: (run, [text, parts]) => testAny(run, 'startsWith', text!, parts!),
    answers: unclear('strings.any_prefix_match'),
  },
  'strings.any_suffix_match': {
    arity: 2,
    holds: (run, [text, parts]) => testAny(run, 'endsWith', text!, parts!),
    answers: unclear('strings.any_suffix_match'),
  },
  'regex.match': {
    arity: 2,
    holds: (run, [pattern, text]) => testPattern(run, pattern!, text!),
    answers: unclear('regex.match'),
  },
  'net.cidr_contains': {
    arity: 2,
    holds: (run, [network, address]) => testNetwork(run, network!, address!),
    answers: unclear('net.cidr_contains'),
  },
  'glob.match': {
    arity: 3,
    holds: (run, [pattern, delimiters, text]) => testGlob(run, pattern!, delimiters!, text!),
    answers: unclear('glob.match'),
  },
}

/** Whether a builtin has a value depends on more than types. */
function unclear(name: string): Condition {
  return (run, args) => opaque(run, callText(run, name, args), ...args)
}

function callText(run: Run, name: string, args: readonly Value[]): string {
  return `${name}(${args.map((arg) => valueText(run, arg)).join(', ')})`
}

function compared(path: Path, operator: ComparingOperator, value: Value): Residual | undefined {
  const operand = operandOf(value)
  return operand && literal({ kind: 'atom', path, operator, operand })
}

function testText(
  run: Run,
  operator: 'startsWith' | 'endsWith' | 'contains',
  text: Value,
  part: Value,
): Residual {
  if (text.kind === 'template')
    return withText(run, text, (one) => testText(run, operator, one, part))
  if (part.kind === 'template')
    return withText(run, part, (one) => testText(run, operator, text, one))
  const found =
    text.kind === 'path'
      ? compared(text.path, operator, part)
      : part.kind === 'constant' && testConstant(run, operator, text, part.value)
  return found || opaque(run, callText(run, operator.toLowerCase(), [text, part]), text, part)
}

/** Undefined where it cannot be said. */
function testConstant(
  run: Run,
  operator: 'startsWith' | 'endsWith' | 'contains',
  text: Value,
  part: Json,
): Residual | undefined {
  if (text.kind === 'constant') {
    const atom = { kind: 'atom', path: NOWHERE, operator, operand: { constant: part } } as const
    return truth(testAtom(atom, text.value) === true)
  }
  if (typeof part !== 'string') return truth(false)
  if (text.kind === 'call' && text.name === 'lower')
    return testLowered(operator, text.args[0]!, part)
  if (text.kind !== 'text') return undefined
  return operator === 'contains' ? undefined : testEnd(run, operator, text.parts, part)
}

const NOWHERE: Path = { from: 'event', steps: [] }

/** A text that is constant where it begins, or ends, against as much of another one. */
function testEnd(
  run: Run,
  operator: 'startsWith' | 'endsWith',
  parts: readonly Value[],
  than: string,
): Residual | undefined {
  const isStart = operator === 'startsWith'
  const end = isStart ? parts[0] : parts.at(-1)
  if (end?.kind !== 'constant')
    return parts.length === 1
      ? testText(run, operator, end!, { kind: 'constant', value: than })
      : undefined
  const known = String(end.value)
  if (isStart ? known.startsWith(than) : known.endsWith(than)) return truth(true)
  if (isStart ? !than.startsWith(known) : !than.endsWith(known)) return truth(false)
  const rest = isStart ? than.slice(known.length) : than.slice(0, than.length - known.length)
  return testEnd(run, operator, isStart ? parts.slice(1) : parts.slice(0, -1), rest)
}

function testLowered(
  operator: 'startsWith' | 'endsWith' | 'contains',
  text: Value,
  part: string,
): Residual | undefined {
  const pattern = loweredPattern(part)
  if (text.kind !== 'path' || pattern === undefined) return undefined
  const anchored = { startsWith: `^${pattern}`, endsWith: `${pattern}$`, contains: pattern }
  return matches(text.path, anchored[operator])
}

function testAny(
  run: Run,
  operator: 'startsWith' | 'endsWith',
  text: Value,
  parts: Value,
): Residual {
  const items = parts.kind === 'set' ? parts.items : parts.kind === 'constant' ? [parts] : undefined
  const list = items ?? []
  const texts = list.flatMap(({ ...item }) =>
    item.kind === 'constant' ? (Array.isArray(item.value) ? item.value : [item.value]) : [],
  )
  const name = operator === 'startsWith' ? 'strings.any_prefix_match' : 'strings.any_suffix_match'
  const otherwise = opaque(run, callText(run, name, [text, parts]), text, parts)
  if (text.kind !== 'path' || !items || texts.some((one) => typeof one !== 'string'))
    return otherwise
  const isText = ofType(run, text, ['string'])
  const any = either(
    ...texts.map((one) =>
      testText(run, operator, text, { kind: 'constant', value: one as string }),
    ),
  )
  // Given several texts, each must be one.
  return either(both(isText, any), both(opposite(isText), otherwise))
}

function testPattern(run: Run, pattern: Value, text: Value): Residual {
  const isSound =
    pattern.kind === 'path' || (pattern.kind === 'constant' && run.isPattern(pattern.value))
  const found = isSound && text.kind === 'path' && compared(text.path, 'regexMatch', pattern)
  return found || opaque(run, callText(run, 'regex.match', [pattern, text]), pattern, text)
}

function testNetwork(run: Run, network: Value, address: Value): Residual {
  const found = address.kind === 'path' && compared(address.path, 'cidrContains', network)
  return (
    found || opaque(run, callText(run, 'net.cidr_contains', [network, address]), network, address)
  )
}

function testGlob(run: Run, pattern: Value, delimiters: Value, text: Value): Residual {
  const operand = operandOf(pattern)
  const marks = delimiters.kind === 'constant' ? readDelimiters(delimiters.value) : undefined
  if (text.kind === 'path' && operand && marks !== undefined) {
    return literal({
      kind: 'atom',
      path: text.path,
      operator: 'globMatch',
      operand,
      delimiters: marks,
    })
  }
  return opaque(run, callText(run, 'glob.match', [pattern, delimiters, text]), pattern, text)
}

/** An empty list stands for a dot; undefined where the list is not one of characters. */
function readDelimiters(value: Json): readonly string[] | null | undefined {
  if (value === null) return null
  if (!Array.isArray(value)) return undefined
  if (value.some((one) => typeof one !== 'string' || [...one].length !== 1)) return undefined
  return value.length === 0 ? ['.'] : value
}
