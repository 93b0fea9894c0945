/** Which field of Falco's has the value at a path of the event. */
import type { Path, Step } from '../../residual/residual.ts'
import type { FieldExpr } from '../condition/ast.ts'
import { fields } from '../fields/catalogue.ts'
import type { Way } from './bodies.ts'
import { field } from './expr.ts'
import { Inexpressible } from './inexpressible.ts'

/** Fields with one value by their paths; of several the first, unless Falco wants it gone. */
const byPath = new Map<string, string>()
/** Fields with the elements of one array. */
const listsByPath = new Map<string, string>()
for (const { name, from, list, deprecated } of fields) {
  if (!('path' in from) || deprecated !== undefined) continue
  const known = list ? listsByPath : byPath
  const key = JSON.stringify(list ? [...from.path, null] : from.path)
  if (!known.has(key)) known.set(key, name)
}

const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'] as const

/**
 * Fields that go through arrays and say what their names say: elements that lack the rest of the way
 * are left out. Not `image` and `name`, which are missing as a whole then, nor `add_capabilities`,
 * whose elements are texts of arrays.
 */
const computedLists: readonly (readonly [way: Way, name: string])[] = [
  ...(['verbs', 'resources', 'apiGroups', 'nonResourceURLs'] as const).map(
    (name) => [['requestObject', 'rules', null, name, null], `ka.req.role.rules.${name}`] as const,
  ),
  ...CONTAINERS.flatMap((list) => [
    [inContainer(list, 'privileged'), `ka.req.pod.${list}.privileged`] as const,
    [
      inContainer(list, 'allowPrivilegeEscalation'),
      `ka.req.pod.${list}.allow_privilege_escalation`,
    ] as const,
  ]),
  [['requestObject', 'spec', 'volumes', null, 'hostPath', 'path'], 'ka.req.pod.volumes.hostpath'],
]
for (const [way, name] of computedLists) listsByPath.set(JSON.stringify(way), name)

function inContainer(list: string, name: string): Way {
  return ['requestObject', 'spec', list, null, 'securityContext', name]
}

/** The field with the names of a binding's subjects of one kind. */
export const subjectNames: Readonly<Record<string, string>> = {
  User: 'ka.req.binding.subjects.user_names',
  Group: 'ka.req.binding.subjects.group_names',
  ServiceAccount: 'ka.req.binding.subjects.serviceaccount_names',
}

/**
 * The field with the value at a path from the event: one of k8saudit's, else a JSON pointer.
 *
 * @throws Inexpressible for names that a pointer in Falco cannot have
 */
export function fieldAt(path: Path): FieldExpr {
  if (path.from !== 'event') throw new Inexpressible('a value that is no field of the event')
  const name = byPath.get(JSON.stringify(path.steps))
  return name === undefined ? pointerField(path.steps) : field(name)
}

/** The field with all values at a way that goes through arrays. */
export function listFieldAt(way: Way): FieldExpr | undefined {
  const name = listsByPath.get(JSON.stringify(way))
  return name === undefined ? undefined : field(name)
}

/** `jevt.value[/requestObject/spec]`: a scalar's text, or compact JSON. */
export function pointerField(steps: readonly Step[]): FieldExpr {
  if (steps.length === 0) throw new Inexpressible('the event as a whole')
  return field('jevt.value', `/${steps.map(pointerStep).join('/')}`)
}

function pointerStep(step: Step): string {
  if (typeof step === 'number') return String(step)
  // A name of digits would reach into arrays, and Falco cuts pointers at blanks and brackets.
  if (!/^[^\s\]["'\0]+$/.test(step) || /^[+-]?\d+$/.test(step))
    throw new Inexpressible(`\`${step}\` in a JSON pointer`)
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}
