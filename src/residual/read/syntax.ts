import type { Json, Place } from '../residual.ts'

/**
 * Rego as partial evaluation leaves it: the part of OPA's syntax trees that the reader needs, in a
 * form of its own. Whatever OPA may add later becomes `strange`, which is opaque and nothing else.
 */
export type Term =
  | { readonly kind: 'constant'; readonly value: Json }
  /** A number that no double holds, as it is written. */
  | { readonly kind: 'inexact'; readonly text: string }
  | { readonly kind: 'var'; readonly name: string }
  | { readonly kind: 'ref'; readonly head: Term; readonly steps: readonly Term[] }
  | { readonly kind: 'array' | 'set'; readonly items: readonly Term[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [Term, Term])[] }
  | Call
  | Comprehension
  | { readonly kind: 'strange' }

/** A builtin, `['net', 'cidr_contains']`, or a function, whose names begin with `data`. */
export interface Call {
  readonly kind: 'call'
  readonly operator: readonly string[]
  readonly args: readonly Term[]
}

export interface Comprehension {
  readonly kind: 'comprehension'
  readonly of: 'array' | 'set' | 'object'
  /** Of an object. */
  readonly key?: Term
  readonly term: Term
  readonly body: Body
}

export type Body = readonly Expression[]

export type Expression = { readonly place?: Place } & (
  | { readonly kind: 'term'; readonly term: Term }
  | { readonly kind: 'equal'; readonly left: Term; readonly right: Term }
  /** A builtin or function as a statement; one argument more than its parameters takes the value. */
  | Call
  | { readonly kind: 'not'; readonly body: Body }
  | { readonly kind: 'and' | 'or'; readonly left: Body; readonly right: Body }
  | {
      readonly kind: 'every'
      readonly key: Term | undefined
      readonly value: Term
      readonly domain: Term
      readonly body: Body
    }
  | { readonly kind: 'nothing' }
  /** With other input or data; the inner expression is kept for what it looks at. */
  | {
      readonly kind: 'with'
      readonly inner: Expression
      readonly values: readonly Term[]
    }
  | { readonly kind: 'strange' }
)

/** One rule, or one link of its chain of `else`. */
export interface Rule {
  /** Names after the package; a partial object's key is not among them. */
  readonly names: readonly string[]
  readonly parameters: readonly Term[] | undefined
  /** `set`: `key` is an element. `object`: `value` stands under `key`. */
  readonly kind: 'set' | 'object' | 'complete'
  readonly key?: Term
  readonly value: Term
  readonly body: Body
  readonly isDefault: boolean
  readonly otherwise: Rule | undefined
  readonly place?: Place
  /** The head is of a form that is not understood: rules below a variable. */
  readonly isStrange: boolean
}

/** A JSON object as OPA writes it. */
type Node = { readonly [name: string]: unknown }

function readTerm(node: unknown): Term {
  const { type, value } = node as { readonly type: string; readonly value: never }
  switch (type) {
    case 'null':
      return { kind: 'constant', value: null }
    case 'boolean':
    case 'string':
      return { kind: 'constant', value }
    case 'number':
      return typeof value === 'number'
        ? { kind: 'constant', value }
        : { kind: 'inexact', text: value }
    case 'var':
      return { kind: 'var', name: value }
    case 'ref':
      return readRef(value)
    case 'array':
    case 'set':
      return readItems(type, value)
    case 'object':
      return readObject(value)
    case 'call':
      return readCall(value)
    case 'arraycomprehension':
    case 'setcomprehension':
    case 'objectcomprehension':
      return readComprehension(type, value)
    default:
      return { kind: 'strange' }
  }
}

function readRef(nodes: readonly unknown[]): Term {
  const [head, ...steps] = nodes.map(readTerm)
  return { kind: 'ref', head: head!, steps }
}

/** An array of constants is a constant; a set is none, because JSON has no sets. */
function readItems(kind: 'array' | 'set', nodes: readonly unknown[]): Term {
  const items = nodes.map(readTerm)
  const values = items.flatMap((item) => (item.kind === 'constant' ? [item.value] : []))
  if (kind === 'array' && values.length === items.length) return { kind: 'constant', value: values }
  return { kind, items }
}

function readObject(nodes: readonly (readonly [unknown, unknown])[]): Term {
  const members = nodes.map(([key, value]) => [readTerm(key), readTerm(value)] as const)
  const entries = members.flatMap(([key, value]) =>
    key.kind === 'constant' && typeof key.value === 'string' && value.kind === 'constant'
      ? [[key.value, value.value] as const]
      : [],
  )
  if (entries.length < members.length) return { kind: 'object', members }
  return { kind: 'constant', value: Object.fromEntries(entries) }
}

function readCall(nodes: readonly unknown[]): Term {
  const operator = namesOf(readTerm(nodes[0]))
  return operator
    ? { kind: 'call', operator, args: nodes.slice(1).map(readTerm) }
    : { kind: 'strange' }
}

/** The names of a reference without variables: `['data', 'parapet', 'lib']`. */
export function namesOf(term: Term): readonly string[] | undefined {
  if (term.kind === 'var') return [term.name]
  if (term.kind !== 'ref' || term.head.kind !== 'var') return undefined
  const names = [term.head.name]
  for (const step of term.steps) {
    if (step.kind !== 'constant' || typeof step.value !== 'string') return undefined
    names.push(step.value)
  }
  return names
}

function readComprehension(type: string, node: Node): Term {
  const body = readBody(node['body'])
  if (type === 'objectcomprehension') {
    const [key, term] = [readTerm(node['key']), readTerm(node['value'])]
    return { kind: 'comprehension', of: 'object', key, term, body }
  }
  const of = type === 'setcomprehension' ? 'set' : 'array'
  return { kind: 'comprehension', of, term: readTerm(node['term']), body }
}

export function readBody(nodes: unknown): Body {
  return (nodes as readonly Node[]).map(readExpression)
}

function readExpression(node: Node): Expression {
  const place = placeOf(node['location'])
  const { with: replaced, negated, ...plain } = node
  if (Array.isArray(replaced)) {
    const inner = readExpression({ ...plain, negated })
    const values = replaced.map((one: Node) => readTerm(one['value']))
    return { kind: 'with', inner, values, ...place }
  }
  if (negated === true) return { kind: 'not', body: [readExpression(plain)], ...place }
  return { ...readStatement(node['terms']), ...place }
}

function readStatement(terms: unknown): Expression {
  if (Array.isArray(terms)) return readOperation(terms)
  const node = terms as Node
  if ('symbols' in node) return { kind: 'nothing' }
  if ('domain' in node) {
    return {
      kind: 'every',
      key: node['key'] ? readTerm(node['key']) : undefined,
      value: readTerm(node['value']),
      domain: readTerm(node['domain']),
      body: readBody(node['body']),
    }
  }
  const type = node['type']
  if (type === 'not') return { kind: 'not', body: readBody(node['body']) }
  if (type === 'and' || type === 'or') {
    return { kind: type, left: readBody(node['lhs']), right: readBody(node['rhs']) }
  }
  return { kind: 'term', term: readTerm(node) }
}

function readOperation(terms: readonly unknown[]): Expression {
  const call = readCall(terms)
  if (call.kind !== 'call') return { kind: 'strange' }
  const [left, right] = call.args
  const isEqual = ['eq', 'assign'].includes(call.operator.join('.')) && call.args.length === 2
  return isEqual ? { kind: 'equal', left: left!, right: right! } : call
}

interface Location {
  readonly file: string
  readonly row: number
  readonly col: number
}

function placeOf(location: unknown): { readonly place?: Place } {
  const { file, row, col } = (location ?? { file: '' }) as Location
  return file === '' ? {} : { place: { file, row, column: col } }
}

export function readRule(node: unknown): Rule {
  const { head, body, default: isDefault, else: otherwise } = node as Node
  const { ref, args, key, value, location } = head as Node
  const names = (ref as readonly unknown[]).map(readTerm)
  const plain = names.map((term) =>
    term.kind === 'constant' && typeof term.value === 'string' ? term.value : undefined,
  )
  if (names[0]?.kind === 'var') plain[0] = names[0].name
  const hasKey = key !== undefined && key !== null
  const kind = !hasKey ? 'complete' : value === undefined || value === null ? 'set' : 'object'
  // A partial object's reference ends with its key.
  const fixed = kind === 'object' ? plain.slice(0, -1) : plain
  return {
    names: fixed.filter((name) => name !== undefined),
    parameters: Array.isArray(args) ? args.map(readTerm) : undefined,
    kind,
    ...(hasKey ? { key: readTerm(key) } : {}),
    value: value === undefined || value === null ? TRUE : readTerm(value),
    body: readBody(body),
    isDefault: isDefault === true,
    otherwise: otherwise ? readRule(otherwise) : undefined,
    ...placeOf(location),
    isStrange: fixed.includes(undefined),
  }
}

const TRUE: Term = { kind: 'constant', value: true }
