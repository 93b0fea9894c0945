/**
 * A second evaluator, as plain as can be: it parses the event and walks the tree, with no index, no
 * cache and no byte strings. It knows the fields and values that `generate-typed.ts` makes.
 */
import type { ast } from '../../src/falco/index.ts'

type Json = unknown
/** A text, a list of texts, or a number; undefined is missing. */
type Value = string | readonly string[] | number | undefined

export function naiveMatch(expr: ast.Expr, event: Json): boolean {
  switch (expr.kind) {
    case 'and':
      return expr.children.every((child) => naiveMatch(child, event))
    case 'or':
      return expr.children.some((child) => naiveMatch(child, event))
    case 'not':
      return !naiveMatch(expr.child, event)
    case 'check':
      return check(expr, event)
    case 'identifier':
      throw new Error('macros are expanded before')
  }
}

function check({ left, operator, modifier, right }: ast.CheckExpr, event: Json): boolean {
  const value = read(left, event)
  if (value === undefined) return false
  if (right === undefined) return true
  if (right.kind === 'field' || right.kind === 'transform') {
    const other = read(right, event)
    if (other === undefined) return false
    if (Array.isArray(value)) return listCompare(operator, value as string[], other as string[])
    // What a transformer made is never a member of what a transformer made, nor of anything.
    if ((operator === 'in' || operator === 'intersects') && right.kind === 'transform') {
      return right.name === 'val' ||
        right.name === 'concat' ||
        right.name === 'join' ||
        typeof value === 'number'
        ? value === other
        : false
    }
    return compare(operator, value as string | number, String(other))
  }
  const values = right.kind === 'values' ? right.values : [right.text]
  if (Array.isArray(value)) {
    if (operator === 'pmatch') throw new Error('lists have no pmatch')
    const transformed = left.kind === 'transform'
    return !transformed && listCompare(operator, value as string[], values)
  }
  const one = (each: string): boolean => compare(operator, value as string | number, each)
  if (operator === 'in' || operator === 'intersects' || operator === 'pmatch')
    return values.some(one)
  switch (modifier) {
    case undefined:
      return one(values[0]!)
    case 'anyof':
      return values.some(one)
    case 'allof':
      return values.length > 0 && values.every(one)
    default:
      // `oneof` counts each value, repeated ones twice.
      return values.filter(one).length === 1
  }
}

function listCompare(
  operator: string,
  list: readonly string[],
  values: readonly string[],
): boolean {
  const among = (item: string): boolean => values.includes(item)
  return operator === 'in' ? list.every(among) : list.some(among)
}

function compare(operator: ast.Operator, value: string | number, other: string): boolean {
  if (typeof value === 'number') return compareNumbers(operator, value, Number(other))
  const order = Buffer.compare(Buffer.from(value), Buffer.from(other))
  switch (operator) {
    case '=':
    case '==':
    case 'in':
    case 'intersects':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    case 'contains':
      return Buffer.from(value).includes(Buffer.from(other))
    case 'icontains':
      return fold(value).includes(fold(other))
    case 'startswith':
      return value.startsWith(other)
    case 'endswith':
      return value.endsWith(other)
    case 'glob':
      return globRegex(other, '').test(Buffer.from(value).toString('latin1'))
    case 'iglob':
      return globRegex(other, 'i').test(Buffer.from(value).toString('latin1'))
    case 'regex':
      return new RegExp(`^(?:${other})$`, 'u').test(value)
    case 'pmatch':
      return isPathPrefix(other, value)
    default:
      throw new Error(operator)
  }
}

function compareNumbers(operator: ast.Operator, value: number, other: number): boolean {
  switch (operator) {
    case '!=':
      return value !== other
    case '<':
      return value < other
    case '<=':
      return value <= other
    case '>':
      return value > other
    case '>=':
      return value >= other
    default:
      return value === other
  }
}

/** ASCII only, as in C. */
function fold(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** `*` and `?` only, over bytes. */
function globRegex(pattern: string, flags: string): RegExp {
  const bytes = Buffer.from(pattern).toString('latin1')
  const body = bytes.replaceAll(/[\s\S]/g, (char) => {
    if (char === '*') return '[\\s\\S]*'
    return char === '?' ? '[\\s\\S]' : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return new RegExp(`^${body}$`, flags)
}

function isPathPrefix(path: string, text: string): boolean {
  const parts = (each: string): string[] => each.split('/').filter((part) => part !== '')
  const [prefix, whole] = [parts(path), parts(text)]
  return prefix.every(
    (part, i) =>
      i < whole.length && globRegex(part, '').test(Buffer.from(whole[i]!).toString('latin1')),
  )
}

function read(operand: ast.Operand, event: Json): Value {
  switch (operand.kind) {
    case 'value':
      return operand.text
    case 'list': {
      const items = operand.items.map((item) => read(item, event))
      return items.includes(undefined) ? undefined : (items.flat() as string[])
    }
    case 'field':
      return fieldValue(operand, event)
    case 'transform':
      return transformed(operand, event)
  }
}

function transformed({ name, args }: ast.TransformExpr, event: Json): Value {
  const values = args.map((arg) => read(arg, event))
  const [value] = values
  if (values.includes(undefined)) return undefined
  switch (name) {
    case 'val':
      return value
    case 'tolower':
      return each(value, fold)
    case 'toupper':
      return each(value, (text) => text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()))
    case 'basename':
      return each(value, (text) => text.replace(/^.*\//s, ''))
    case 'len':
      return Array.isArray(value) ? value.length : Buffer.byteLength(value as string)
    case 'concat':
      return (values as string[]).join('')
    case 'join':
      return (values[1] as string[]).join(value as string)
    default:
      throw new Error(name)
  }
}

function each(value: Value, map: (text: string) => string): Value {
  return Array.isArray(value) ? (value as string[]).map(map) : map(value as string)
}

/** Simple paths by field. */
const paths: Readonly<Record<string, string>> = {
  'ka.verb': 'verb',
  'ka.stage': 'stage',
  'ka.uri': 'requestURI',
  'ka.user.name': 'user.username',
  'ka.user.groups': 'user.groups',
  'ka.impuser.name': 'impersonatedUser.username',
  'ka.target.resource': 'objectRef.resource',
  'ka.target.subresource': 'objectRef.subresource',
  'ka.target.namespace': 'objectRef.namespace',
  'ka.target.name': 'objectRef.name',
  'ka.response.code': 'responseStatus.code',
  'ka.req.pod.host_network': 'requestObject.spec.hostNetwork',
  'ka.req.binding.role': 'requestObject.roleRef.name',
}

function fieldValue({ name, arg }: ast.FieldExpr, event: Json): Value {
  if (name === 'jevt.value') return text(at(event, arg!.replace(/^\//, '').replaceAll('/', '.')))
  if (at(event, 'auditID') === undefined) return undefined
  const path = paths[name]
  if (path === undefined) return computedValue(name, arg, event)
  const value = at(event, path)
  if (name !== 'ka.user.groups') return text(value)
  return filled(Array.isArray(value) ? value.map((item) => text(item)!) : undefined)
}

function computedValue(name: string, arg: string | undefined, event: Json): Value {
  const containers = at(event, 'requestObject.spec.containers')
  if (name === 'ka.req.role.rules.verbs') {
    const rules = at(event, 'requestObject.rules')
    if (!Array.isArray(rules)) return undefined
    const some = arg === undefined ? rules : rules.slice(Number(arg), Number(arg) + 1)
    return filled(some.flatMap((rule) => (at(rule, 'verbs') as string[] | undefined) ?? []))
  }
  if (!Array.isArray(containers)) return undefined
  const some = arg === undefined ? containers : containers.slice(Number(arg), Number(arg) + 1)
  if (name === 'ka.req.pod.containers.image') {
    const images = some.map((container) => text(at(container, 'image')))
    return images.includes(undefined) ? undefined : filled(images as string[])
  }
  if (name !== 'ka.req.pod.containers.privileged') throw new Error(name)
  return filled(
    some.flatMap((container) => text(at(container, 'securityContext.privileged')) ?? []),
  )
}

/** An empty list is a missing one. */
function filled(list: readonly string[] | undefined): readonly string[] | undefined {
  return list?.length === 0 ? undefined : list
}

function at(value: Json, path: string): Json {
  return path.split('.').reduce<Json>((inner, key) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return undefined
    return (inner as Record<string, Json>)[key]
  }, value)
}

function text(value: Json): string | undefined {
  if (value === undefined) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}
