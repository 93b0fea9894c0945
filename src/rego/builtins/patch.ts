import {
  RegoObject,
  RegoSet,
  equal,
  identity,
  isNumber,
  literalOf,
  objectOf,
  setOf,
} from '../value.ts'
import type { Value } from '../value.ts'
import { BuiltinError, ELSEWHERE, arrayOperand, isArray, operand } from './builtin.ts'
import type { Builtins } from './builtin.ts'

export const patches: Builtins = {
  'json.patch': (operands) => {
    const document = operand(operands, 0)
    const operations = arrayOperand(operands, 1)
    try {
      return applyAll(document, operations)
    } catch (error) {
      if (error instanceof ShiftedArray) return ELSEWHERE
      throw error
    }
  },
}

type Path = readonly Value[]

/**
 * Thrown for a path that leads through an array in which elements have moved. OPA looks them up at
 * their old places, so what it finds is for its own code to say.
 */
class ShiftedArray extends Error {}

/** Arrays in which a patch has moved elements. */
const shiftedArrays = new WeakSet<readonly Value[]>()

function applyAll(document: Value, operations: readonly Value[]): Value {
  let patched: Value | undefined = document
  for (const operation of operations) patched = apply(patched, operation)
  if (patched === undefined) throw new BuiltinError('the whole document was removed')
  return patched
}

function shifted(array: readonly Value[]): readonly Value[] {
  shiftedArrays.add(array)
  return array
}

/** One operation of RFC 6902, on Rego values: sets hold their elements under themselves. */
function apply(document: Value | undefined, operation: Value): Value | undefined {
  if (!(operation instanceof RegoObject)) throw new BuiltinError('an operation must be an object')
  const path = pathOf(attribute(operation, 'path'))
  switch (attribute(operation, 'op')) {
    case 'add':
      return insert(document, path, attribute(operation, 'value'))
    case 'remove':
      return remove(document, path)
    case 'replace':
      return insert(remove(document, path), path, attribute(operation, 'value'))
    case 'move': {
      const from = pathOf(attribute(operation, 'from'))
      const moved = find(document, from)
      return insert(remove(document, from), path, moved)
    }
    case 'copy':
      return insert(document, path, find(document, pathOf(attribute(operation, 'from'))))
    case 'test':
      if (equal(find(document, path), attribute(operation, 'value'))) return document
      throw new BuiltinError('the test of a patch does not hold')
    default:
      throw new BuiltinError('unrecognized op')
  }
}

function attribute(operation: RegoObject, name: string): Value {
  const value = operation.get(name)
  if (value === undefined) throw new BuiltinError(`missing required attribute '${name}'`)
  return value
}

/** A JSON pointer, its leading slashes optional, or an array of keys. */
function pathOf(value: Value): Path {
  if (isArray(value)) return value
  if (typeof value !== 'string') throw new BuiltinError('a path must be a string or an array')
  if (value === '') return []
  const parts = value.replace(/^\/+/, '').split('/')
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function find(document: Value | undefined, path: Path): Value {
  let at = document
  for (const key of path) at = child(at, key)
  if (at === undefined) throw noPath()
  return at
}

function child(parent: Value | undefined, key: Value): Value | undefined {
  if (parent instanceof RegoObject) return parent.get(key)
  if (parent instanceof RegoSet) {
    const wanted = identity(key)
    return parent.elements.find((element) => identity(element) === wanted)
  }
  if (parent === undefined || !isArray(parent)) return undefined
  if (shiftedArrays.has(parent)) throw new ShiftedArray()
  return parent[indexOf(key, parent.length)]
}

function insert(document: Value | undefined, path: Path, value: Value): Value {
  return edit(document, path, value, (parent, key) => {
    if (parent instanceof RegoObject) return objectOf([...parent.entries, [key, value]])
    if (parent instanceof RegoSet) {
      if (!equal(key, value)) throw new BuiltinError('a set holds its elements under themselves')
      return setOf([...parent.elements, value])
    }
    const index = indexOf(key, parent.length)
    if (index > parent.length) throw noPath()
    return shifted(parent.toSpliced(index, 0, value))
  })!
}

function remove(document: Value | undefined, path: Path): Value | undefined {
  if (document === undefined) throw noPath()
  return edit(document, path, undefined, (parent, key) => {
    if (isArray(parent)) {
      const index = indexOf(key, parent.length)
      if (index >= parent.length) throw noPath()
      return shifted(parent.toSpliced(index, 1))
    }
    if (child(parent, key) === undefined) throw noPath()
    const gone = identity(key)
    if (parent instanceof RegoObject) {
      return new RegoObject(parent.entries.filter(([name]) => identity(name) !== gone))
    }
    return new RegoSet(parent.elements.filter((element) => identity(element) !== gone))
  })
}

type Composite = RegoObject | RegoSet | readonly Value[]

/** Changes the value that holds the path's end, and what leads there. An empty path is the whole. */
function edit(
  document: Value | undefined,
  path: Path,
  whole: Value | undefined,
  change: (parent: Composite, key: Value) => Value,
): Value | undefined {
  const [key, ...rest] = path
  if (key === undefined) return whole
  if (!isComposite(document)) throw noPath()
  if (rest.length === 0) return change(document, key)
  const inner = child(document, key)
  if (inner === undefined) throw noPath()
  return replaceChild(document, key, edit(inner, rest, whole, change)!)
}

function replaceChild(parent: Composite, key: Value, value: Value): Value {
  if (parent instanceof RegoObject) return objectOf([...parent.entries, [key, value]])
  if (parent instanceof RegoSet) {
    const gone = identity(key)
    return setOf(parent.elements.map((element) => (identity(element) === gone ? value : element)))
  }
  return parent.with(indexOf(key, parent.length), value)
}

function isComposite(value: Value | undefined): value is Composite {
  if (value === undefined) return false
  return value instanceof RegoObject || value instanceof RegoSet || isArray(value)
}

/** `-` is the place behind the last element. */
function indexOf(key: Value, length: number): number {
  if (key === '-') return length
  const text = isNumber(key) ? literalOf(key) : key
  if (typeof text !== 'string' || !/^(?:0|[1-9][0-9]{0,8})$/.test(text)) throw noPath()
  return Number(text)
}

function noPath(): BuiltinError {
  return new BuiltinError('a path of the patch leads nowhere')
}
