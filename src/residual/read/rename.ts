import type { Range } from './branch.ts'
import { elementsOfPath, renamePath } from './elements.ts'
import type { Value, Variables } from './value.ts'

type Names = ReadonlyMap<number, number>

/** A value that looks at elements, looking at others. */
export function renameValue(value: Value, names: Names): Value {
  const rename = (one: Value): Value => renameValue(one, names)
  switch (value.kind) {
    case 'constant':
    case 'rules':
      return value
    case 'path':
      return { ...value, path: renamePath(value.path, names) }
    case 'text':
    case 'template':
      return { ...value, parts: value.parts.map(rename) }
    case 'array':
    case 'set':
      return { ...value, items: value.items.map(rename) }
    case 'object':
      return { ...value, members: new Map([...value.members].map(([k, v]) => [k, rename(v)])) }
    case 'comprehension':
      return { ...value, variables: renameVariables(value.variables, names) }
    case 'sets':
      return { ...value, left: rename(value.left), right: rename(value.right) }
    case 'call':
      return { ...value, args: value.args.map(rename) }
    case 'unknown':
      return { ...value, reads: value.reads.map((path) => renamePath(path, names)) }
  }
}

function renameVariables(variables: Variables, names: Names): Variables {
  if (!variables) return undefined
  const value = renameValue(variables.value, names)
  return { name: variables.name, value, rest: renameVariables(variables.rest, names) }
}

/** The elements that a value looks at. */
export function elementsOfValue(value: Value): readonly number[] {
  switch (value.kind) {
    case 'constant':
    case 'rules':
      return []
    case 'path':
      return elementsOfPath(value.path)
    case 'text':
    case 'template':
      return value.parts.flatMap(elementsOfValue)
    case 'array':
    case 'set':
      return value.items.flatMap(elementsOfValue)
    case 'object':
      return [...value.members.values()].flatMap(elementsOfValue)
    case 'comprehension': {
      const found: number[] = []
      for (let at = value.variables; at; at = at.rest) found.push(...elementsOfValue(at.value))
      return found
    }
    case 'sets':
      return [...elementsOfValue(value.left), ...elementsOfValue(value.right)]
    case 'call':
      return value.args.flatMap(elementsOfValue)
    case 'unknown':
      return value.reads.flatMap(elementsOfPath)
  }
}

/** Ranges under other numbers, each over a path that begins at renamed ones. */
export function renameRanges(ranges: readonly Range[], names: Names): readonly Range[] {
  return ranges.map((range) => ({
    ...range,
    id: names.get(range.id) ?? range.id,
    path: renamePath(range.path, names),
  }))
}
