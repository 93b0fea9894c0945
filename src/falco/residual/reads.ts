/** What of an event a rule looks at, so that it can be asked about these values alone. */
import { eventPath, type Path } from '../../residual/residual.ts'
import { fromUtf8 } from '../event/byte-string.ts'
import { pointerKeys } from '../fields/json-fields.ts'
import { isProblem, resolveField, type ResolvedField } from '../fields/resolve.ts'
import type { CompiledRule } from '../rules/compile.ts'
import { fieldsIn, fieldsOfRule } from '../rules/fields-used.ts'

/** These decide whether an event counts, and whether the plugin answers. */
const ALWAYS: readonly (readonly string[])[] = [['kind'], ['stageTimestamp'], ['auditID']]

/** Paths of everything that the condition and the output depend on; undefined for the whole event. */
export function readsOf(rule: CompiledRule): readonly Path[] | undefined {
  const printed = (rule.template?.parts ?? []).flatMap((part) =>
    part.kind === 'field' ? fieldsIn(part.expr) : [],
  )
  const fields = [
    ...fieldsOfRule(rule),
    ...printed.flatMap((field) => {
      const resolved = resolveField(field)
      return isProblem(resolved) ? [] : [resolved]
    }),
  ]
  const read = fields.map(readsOfField)
  if (read.includes(undefined)) return undefined
  return [...ALWAYS, ...read.flatMap((paths) => paths!)].map((steps) => eventPath(...steps))
}

function readsOfField({ info, key }: ResolvedField): readonly (readonly string[])[] | undefined {
  if ('path' in info.from) return [info.from.path]
  switch (info.from.computed) {
    case 'pointer': {
      const keys = pointerKeys(key!)?.map(fromUtf8) ?? []
      // In an array a number stands for an element: all of the array is read.
      const index = keys.findIndex((each) => /^[+-]?[0-9]+$/.test(each))
      const names = index < 0 ? keys : keys.slice(0, index)
      return names.length > 0 ? [names] : undefined
    }
    case 'indented':
    case 'compactEvent':
      return undefined
    case 'uriParameter':
      return [['requestURI']]
    case 'targetPodName':
      return [['objectRef'], ['responseObject']]
    default:
      // Fields of pods, roles and bindings go through arrays, wherever these begin.
      return info.level === 'Metadata' ? [] : [['requestObject']]
  }
}
