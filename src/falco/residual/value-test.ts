/**
 * Answers a comparison that looks at one value of the event, from that value alone: it is asked of an
 * event that has nothing else.
 */
import type { Opaque, Path, ValueTest } from '../../residual/residual.ts'
import type { CheckExpr } from '../condition/ast.ts'
import { compileCheck } from '../eval/check.ts'
import { FieldSlots, FieldStore } from '../eval/store.ts'
import type { HostFacts } from '../event/view.ts'
import { resolvedFieldsOf } from '../rules/fields-used.ts'
import { isOfTime } from './reads.ts'

/** @returns undefined where more than one value decides, or where these are bodies, which do not come again */
export function valueTest(
  check: CheckExpr,
  { reads }: Opaque,
  host: HostFacts,
): ValueTest | undefined {
  const [path, ...others] = reads
  if (!path || others.length > 0 || path.steps.length === 0) return undefined
  for (const field of resolvedFieldsOf(check)) {
    const { from, level } = field.info
    if (isOfTime(field) || ('computed' in from && level !== 'Metadata')) return undefined
  }
  // Most are never asked.
  let compiled: ValueTest['holds'] | undefined
  return { holds: (json) => (compiled ??= compile(check, path, host))(json) }
}

function compile(check: CheckExpr, { steps }: Path, host: HostFacts): ValueTest['holds'] {
  const slots = new FieldSlots()
  const { run } = compileCheck(check, slots)
  const store = new FieldStore(slots, host)
  const before = Buffer.from(steps.map((name) => `{${JSON.stringify(name)}:`).join(''))
  // Of a name that is there twice the first counts.
  const behind = Buffer.from(`${'}'.repeat(steps.length - 1)},"auditID":null}`)
  return (json) => {
    store.reset(Buffer.concat([before, json, behind]))
    return run(store)
  }
}
