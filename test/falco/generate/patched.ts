import type { Json, Step } from '../../../src/residual/residual.ts'
import type { Draw } from '../../residual/boundary.ts'

type Members = { readonly [name: string]: Json }

/**
 * The event with the members of its objects in another order, and mostly with a JSON patch that has
 * something of its body in place of that.
 */
export function patched(event: Json, draw: Draw): Json {
  const { requestObject, ...rest } = event as Members
  if (typeof requestObject !== 'object' || requestObject === null || draw(3) === 0)
    return shuffled(event, draw)
  if (Array.isArray(requestObject)) return shuffled(event, draw)
  const operations = Array.from({ length: 1 + draw(2) }, () => operation(requestObject, draw))
  return shuffled({ ...rest, verb: 'patch', requestObject: operations }, draw)
}

const OPERATIONS = ['add', 'replace', 'add', 'replace', 'test', 'remove', 'move', 'copy']

function operation(body: Json, draw: Draw): Json {
  const way: Step[] = []
  let value: Json = body
  for (;;) {
    const steps: readonly Step[] = Array.isArray(value)
      ? [...value.keys()]
      : typeof value === 'object' && value !== null
        ? Object.keys(value)
        : []
    if (steps.length === 0 || draw(4) === 0) break
    const step = steps[draw(steps.length)]!
    way.push(step)
    value = (value as Readonly<Record<Step, Json>>)[step]!
  }
  const path = way
    .map((step, i) => {
      if (typeof step === 'number') return i === way.length - 1 && draw(2) === 0 ? '/-' : `/${step}`
      return `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`
    })
    .join('')
  return { op: OPERATIONS[draw(OPERATIONS.length)]!, path, value }
}

function shuffled(value: Json, draw: Draw): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => shuffled(item, draw))
  const names = Object.keys(value)
  for (let i = names.length - 1; i > 0; i--) {
    const j = draw(i + 1)
    ;[names[i], names[j]] = [names[j]!, names[i]!]
  }
  return Object.fromEntries(names.map((name) => [name, shuffled((value as Members)[name]!, draw)]))
}
