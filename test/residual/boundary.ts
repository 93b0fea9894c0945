import { compileRegex } from '../../src/text/regex.ts'
import { testAtom, typeOf } from '../../src/residual/atom.ts'
import type {
  Atom,
  Json,
  Literal,
  Operand,
  Path,
  Residual,
  Step,
} from '../../src/residual/residual.ts'

/** A number from 0 to one less than the one given. */
export type Draw = (choices: number) => number

type Way = readonly Step[]

/**
 * An event near the boundary of a residual: fields get values that its literals ask for, or values
 * that differ a little from these, and some are dropped or become something else.
 *
 * @param residual after `bindData`
 * @param base what the event begins with
 */
export function boundaryEvent(residual: Residual, base: Json, draw: Draw): Json {
  const builder = new Builder(base, draw)
  builder.meet(residual, [])
  for (let left = draw(4) - 1; left > 0; left--) builder.disturb()
  return builder.event
}

class Builder {
  event: Json
  readonly #draw: Draw
  readonly #ways: Way[] = []

  constructor(base: Json, draw: Draw) {
    this.event = structuredClone(base)
    this.#draw = draw
  }

  /** @param elements where the elements of the enclosing `some` stand */
  meet(residual: Residual, elements: readonly Way[]): void {
    if (residual.length === 0) return
    for (const literal of residual[this.#draw(residual.length)]!)
      this.#meetLiteral(literal, elements)
  }

  #meetLiteral(literal: Literal, elements: readonly Way[]): void {
    switch (literal.kind) {
      case 'atom':
        return this.#meetAtom(literal, elements)
      case 'some': {
        const list = wayOf(literal.path, elements)
        if (!list) return
        const index = this.#draw(4) === 0 ? 1 : 0
        if (!Array.isArray(valueAt(this.event, list))) this.#set(list, index === 1 ? ['other'] : [])
        const element = [...list, index]
        this.#set(element, {})
        return this.meet(literal.where, [...elements, element])
      }
      case 'not':
        // Mostly left alone: what a guardrail excludes is rare.
        return this.#draw(8) === 0 ? this.meet(literal.residual, elements) : undefined
      case 'any':
        return this.meet(literal.residual, elements)
      case 'opaque':
        for (const path of literal.reads) {
          const way = wayOf(path, elements)
          if (way && this.#draw(2) > 0)
            this.#set(way, this.#pick(way.at(-1) === 'path' ? POINTERS : ODD))
        }
    }
  }

  #meetAtom(atom: Atom, elements: readonly Way[]): void {
    const way = wayOf(atom.path, elements)
    if (!way) return
    const is = valueAt(this.event, way)
    // A field that says enough already is mostly left as another literal wants it.
    const isFitting = is !== undefined && !('operand' in atom) && testAtom(atom, is) === true
    if (!isFitting || this.#draw(12) === 0)
      this.#set(way, this.#near(this.#fitting(atom, elements)))
  }

  #fitting(atom: Atom, elements: readonly Way[]): Json {
    if (atom.operator === 'type') return this.#pick(ODD.filter((one) => typeOf(one) === atom.type))
    if (!('operand' in atom)) return this.#pick([true, 'x', {}, 'web-0', false])
    const than = this.#operand(atom.operand, elements)
    switch (atom.operator) {
      case 'in':
        return Array.isArray(than) && than.length > 0 ? this.#pick(than as Json[]) : than
      case 'less':
      case 'lessOrEqual':
      case 'greater':
      case 'greaterOrEqual':
        return typeof than === 'number' ? than + this.#draw(3) - 1 : than
      case 'startsWith':
        return `${String(than)}${this.#pick(['', 'x', ':default', 'shop:web'])}`
      case 'endsWith':
        return `${this.#pick(['', 'x', 'system:serviceaccount:shop'])}${String(than)}`
      case 'contains':
        return `a${String(than)}b`
      case 'regexMatch':
        return this.#pick(this.#draw(3) > 0 ? matching(than) : TEXTS)
      case 'cidrContains':
        return this.#pick(ADDRESSES)
      case 'globMatch':
        return String(than).replaceAll('*', 'x')
      default:
        return than
    }
  }

  #operand(operand: Operand, elements: readonly Way[]): Json {
    if ('constant' in operand) return operand.constant
    if ('concat' in operand)
      return operand.concat.map((part) => String(this.#operand(part, elements))).join('')
    const way = wayOf(operand.path, elements)
    return (way && valueAt(this.event, way)) ?? 'x'
  }

  /** Mostly the value itself. */
  #near(value: Json): Json {
    if (this.#draw(12) > 0) return value
    if (typeof value === 'string') {
      const others = [`${value}x`, `x${value}`, value.slice(1), value.toUpperCase(), '', 'other']
      return this.#pick(others)
    }
    if (typeof value === 'number')
      return this.#pick([value + 1, value - 1, String(value), value + 0.5])
    return this.#pick(ODD)
  }

  /** Drops a field that was set, or gives it another value. */
  disturb(): void {
    if (this.#ways.length === 0) return
    const way = this.#pick(this.#ways)
    const cut = way.slice(0, 1 + this.#draw(way.length))
    if (this.#draw(2) === 0) this.event = changed(this.event, cut, undefined)
    else this.#set(cut, this.#pick(ODD))
  }

  #set(way: Way, value: Json): void {
    this.event = changed(this.event, way, value)
    if (way.length > 0) this.#ways.push(way)
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#draw(values.length)]!
  }
}

function matching(pattern: Json): readonly string[] {
  if (typeof pattern !== 'string') return TEXTS
  const regex = compileRegex(pattern)
  const texts = TEXTS.filter((text) => regex.test(text))
  return texts.length > 0 ? texts : TEXTS
}

function wayOf({ from, steps }: Path, elements: readonly Way[]): Way | undefined {
  if (from === 'event') return steps
  if (from === 'data' || 'key' in from) return undefined
  return [...elements[from.element - 1]!, ...steps]
}

function valueAt(value: Json, way: Way): Json | undefined {
  return way.reduce<Json | undefined>((at, step) => {
    if (typeof at !== 'object' || at === null) return undefined
    return (at as Readonly<Record<Step, Json>>)[step]
  }, value)
}

/** The value with something else at one place; what stands in the way becomes an object or array. */
function changed(value: Json | undefined, way: Way, to: Json | undefined): Json {
  const [step, ...rest] = way
  if (step === undefined) return to ?? {}
  if (typeof step === 'number') {
    const items = Array.isArray(value) ? [...(value as Json[])] : []
    while (items.length < step) items.push('filler')
    if (rest.length === 0 && to === undefined) items.splice(step, 1)
    else items[step] = changed(items[step], rest, to)
    return items
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const members = new Map(isObject ? Object.entries(value as object) : [])
  if (rest.length === 0 && to === undefined) members.delete(step)
  else members.set(step, changed(members.get(step) as Json | undefined, rest, to))
  return Object.fromEntries(members) as Json
}

const ODD: readonly Json[] = ['x', '', 0, 1, 403, true, false, null, [], ['x'], {}, { name: 'x' }]

const TEXTS = [
  'system:authenticated',
  '/',
  '/etc',
  '//etc/passwd',
  '/./etc',
  '/var',
  '/var/log',
  '/var/lib/kubelet/pods',
  '/run/containerd.sock',
  '/home/../x',
  'C:\\',
  '/healthz',
  '/version?timeout=32s',
  '/api',
  'coredns',
  'kube-dns-x',
  'web',
  'password',
  'AWS_SECRET_ACCESS_KEY',
  'nginx',
  'docker.io/evil/miner',
  '10.0.0.1/x',
  'system:x',
  '*',
]

const ADDRESSES = [
  '10.1.2.3',
  '192.168.49.1',
  '172.16.0.9',
  '8.8.8.8',
  '127.0.0.1',
  '::1',
  'fe80::1',
  '2001:db8::1',
  '10.0.0.0/8',
  'unknown',
  '',
]

const POINTERS = [
  '',
  '/spec',
  '/spec/containers/0/securityContext/privileged',
  '/spec/template/spec/containers/-',
  '/roleRef/name',
  '/rules/0/verbs',
  '/rules/-',
  '/metadata/labels/pod-security.kubernetes.io~1enforce',
  '/spec/type',
  '/data/password',
  'x',
]
