import type { Json, Path, TypeName } from '../residual.ts'
import type { RuleGroup, Scope } from './rules.ts'
import type { Comprehension } from './syntax.ts'

/** What is known of a Rego value while `input` and `data` are not known. */
export type Value =
  | { readonly kind: 'constant'; readonly value: Json }
  /** What stands at a path; that something does is a condition of its own. */
  | { readonly kind: 'path'; readonly path: Path }
  /** Strings put together; every part is known to be one. */
  | { readonly kind: 'text'; readonly parts: readonly Value[] }
  /** A template string: parts are constant strings, or sets and comprehensions of one value or none. */
  | { readonly kind: 'template'; readonly parts: readonly Value[] }
  | { readonly kind: 'array' | 'set'; readonly items: readonly Value[] }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Value> }
  | Closure
  /** All of a partial set or object. */
  | { readonly kind: 'rules'; readonly group: RuleGroup }
  | {
      readonly kind: 'sets'
      readonly operator: 'and' | 'or' | 'minus'
      readonly left: Value
      readonly right: Value
    }
  /** What a builtin makes of its arguments; that it makes something is a condition of its own. */
  | {
      readonly kind: 'call'
      readonly name: string
      readonly args: readonly Value[]
      readonly type: TypeName | undefined
    }
  /** Anything, found out by looking at `reads` at most. */
  | { readonly kind: 'unknown'; readonly reads: readonly Path[]; readonly text: string }

/** A comprehension and what its outer variables stand for. */
export interface Closure {
  readonly kind: 'comprehension'
  readonly comprehension: Comprehension
  readonly variables: Variables
  readonly scope: Scope
}

/** Bindings of variables, the newest first. */
export type Variables =
  | { readonly name: string; readonly value: Value; readonly rest: Variables }
  | undefined

export function lookUp(variables: Variables, name: string): Value | undefined {
  for (let at = variables; at; at = at.rest) if (at.name === name) return at.value
  return undefined
}

export function constant(value: Json): Value {
  return { kind: 'constant', value }
}

/** The type of a value where it is sure. Sets and closures over them have none in JSON. */
export function typeOfValue(value: Value): TypeName | 'set' | undefined {
  switch (value.kind) {
    case 'constant':
      if (value.value === null) return 'null'
      return Array.isArray(value.value) ? 'array' : (typeof value.value as TypeName)
    case 'text':
    case 'template':
      return 'string'
    case 'array':
    case 'set':
    case 'object':
      return value.kind
    case 'comprehension':
      return value.comprehension.of
    case 'rules':
      return value.group.kind === 'set' ? 'set' : 'object'
    case 'sets':
      return 'set'
    case 'call':
      return value.type
    default:
      return undefined
  }
}
