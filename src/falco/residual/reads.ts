/** What of an event conditions look at, so that they can be asked about these values alone. */
import { eventPath, type Path } from '../../residual/residual.ts'
import { fromUtf8 } from '../event/byte-string.ts'
import { pointerKeys } from '../fields/json-fields.ts'
import type { ResolvedField } from '../fields/resolve.ts'
import type { CompiledRule } from '../rules/compile.ts'
import { fieldsOfOutput, fieldsOfRule } from '../rules/fields-used.ts'

/** Paths of everything that the fields depend on; undefined for the whole event. */
export function readsOf(fields: readonly ResolvedField[]): readonly Path[] | undefined {
  const read = fields.map(readsOfField)
  if (read.includes(undefined)) return undefined
  const paths = read.flatMap((each) => each!)
  const distinct = new Map(paths.map((names) => [JSON.stringify(names), names]))
  return [...distinct.values()].map((names) => eventPath(...names))
}

/** Paths of everything that rules look at, outputs included; undefined for the whole event. */
export function readsOfRules(rules: readonly CompiledRule[]): readonly Path[] | undefined {
  return readsOf(rules.flatMap((rule) => [...fieldsOfRule(rule), ...fieldsOfOutput(rule)]))
}

/** True where a field says when something happened, or asks the event for its time. */
export function isOfTime({ info }: ResolvedField): boolean {
  return 'computed' in info.from && /time/i.test(info.from.computed)
}

function readsOfField(field: ResolvedField): readonly (readonly string[])[] | undefined {
  const { info, key } = field
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
      if (isOfTime(field)) return [['stageTimestamp']]
      // Fields of pods, roles and bindings go through arrays, wherever these begin.
      return info.level === 'Metadata' ? [] : [['requestObject']]
  }
}
