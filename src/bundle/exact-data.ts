import type { Bundle } from './bundle.ts'
import { mount } from './data.ts'
import { type JsonObject, parseJson } from './json.ts'
import { kindOf, mountOf } from './names.ts'
import { readDocument } from './yaml-data.ts'

/** The data of a bundle with the digits of its numbers, merged as OPA merges it. */
export function exactData(bundle: Bundle): JsonObject {
  const data: JsonObject = new Map()
  for (const [name, bytes] of bundle.files) {
    const kind = kindOf(name)
    if (kind === 'data') mount(data, mountOf(name), parseJson(bytes))
    else if (kind === 'yaml') mount(data, mountOf(name), readDocument(name, bytes))
  }
  return data
}
