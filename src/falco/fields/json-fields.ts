/** Fields of the json plugin: `json.value[/pointer]` and its siblings. */
import { indentJson } from '../event/indent.ts'
import type { Extractor } from './extract.ts'

/** Keys of a JSON pointer; the slash in front is optional. Undefined for the whole event. */
export function pointerKeys(pointer: string): string[] | undefined {
  if (pointer === '') return undefined
  return pointer
    .replace(/^\//, '')
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export const jsonFields: Readonly<Record<string, Extractor>> = {
  pointer: (view, field) => view.root.get(...(pointerKeys(field.key!) ?? []))?.text(),
  indented: (view) => indentJson(view.root.text()),
  rawTimeText: (view) => view.time?.toString(),
}
