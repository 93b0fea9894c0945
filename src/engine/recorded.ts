import type { Level, Stage } from '../audit/event.ts'
import { testAtom } from '../residual/atom.ts'
import { possible } from '../residual/possible.ts'
import type { Atom, Json, Opaque, Path, Residual, Some, Step } from '../residual/residual.ts'

/** Levels of an audit policy that write events, the poorest first. */
export const LEVELS: readonly Level[] = ['Metadata', 'Request', 'RequestResponse']

/** What an API server does not write in events of a level or stage, or writes in no other way. */
interface Form {
  /** Members that are not there, from the event down. */
  readonly absent?: readonly (readonly string[])[]
  readonly values?: readonly (readonly [path: readonly string[], value: Json])[]
  /** Values that a member never has. */
  readonly never?: readonly (readonly [path: readonly string[], value: Json])[]
}

const LEVEL_FORMS: Readonly<Record<Level, Form>> = {
  Metadata: { absent: [['requestObject'], ['responseObject']] },
  Request: { absent: [['responseObject']] },
  RequestResponse: {},
}

/** Nobody was authenticated (401): logged as ResponseStarted alone. */
const UNAUTHENTICATED = 401
const CODE = ['responseStatus', 'code']
const SUBRESOURCE = ['objectRef', 'subresource']

/** Requests whose answer goes on for a while, which is what the stage ResponseStarted is for. */
const LONG_RUNNING: readonly Form[] = [
  { values: [[['verb'], 'watch']], absent: [SUBRESOURCE] },
  ...['exec', 'attach', 'portforward'].flatMap((name) => [
    connection('pods', name, 'create'),
    connection('pods', name, 'get'),
  ]),
  connection('pods', 'log', 'get'),
  ...['pods', 'services', 'nodes'].map((resource) => connection(resource, 'proxy')),
]

function connection(resource: string, subresource: string, verb?: string): Form {
  const values = [
    [['objectRef', 'resource'], resource],
    [SUBRESOURCE, subresource],
  ] as const
  return { values: verb === undefined ? values : [...values, [['verb'], verb]] }
}

/** Nobody was authenticated, so that nobody is named. */
const REFUSED: Form = { values: [[CODE, UNAUTHENTICATED]], absent: [['user', 'username']] }
/** Answered in any other way. */
const AUTHENTICATED: Form = { never: [[CODE, UNAUTHENTICATED]] }

/** The poorest level at which a residual can hold for an event; undefined where it never can. */
export function levelNeeded(residual: Residual): Level | undefined {
  return LEVELS.find((level) =>
    isPossible(residual, LEVEL_FORMS[level], { values: [[['level'], level]] }),
  )
}

/** Whether a residual can hold for what is logged at a stage. */
export function canHoldAt(stage: Stage, residual: Residual): boolean {
  const at: Form = { values: [[['stage'], stage]] }
  switch (stage) {
    case 'RequestReceived':
      return isPossible(residual, at, {
        absent: [['requestObject'], ['responseObject'], ['responseStatus']],
      })
    case 'ResponseStarted':
      return (
        LONG_RUNNING.some((form) => isPossible(residual, at, form)) ||
        // Much may hold for a request that was refused so early, but few guardrails are about it.
        (!isPossible(residual, AUTHENTICATED) && isPossible(residual, at, REFUSED))
      )
    case 'ResponseComplete':
      return isPossible(residual, at, AUTHENTICATED)
    case 'Panic':
      return isPossible(residual, at)
  }
}

function isPossible(residual: Residual, ...forms: readonly Form[]): boolean {
  const facts = factsOf(forms)
  return possible(residual, (literal) => knowledge(literal, facts)) !== 'no'
}

interface Fact {
  readonly path: readonly string[]
  /** Undefined for what is absent. */
  readonly value?: Json
  readonly never?: Json
}

/** Facts by the member that they are about: nearly all literals are about another one. */
type Facts = ReadonlyMap<Step, readonly Fact[]>

function factsOf(forms: readonly Form[]): Facts {
  const facts = new Map<Step, Fact[]>()
  const add = (fact: Fact): void => {
    const [member] = fact.path
    facts.set(member!, [...(facts.get(member!) ?? []), fact])
  }
  for (const { absent = [], values = [], never = [] } of forms) {
    for (const path of absent) add({ path })
    for (const [path, value] of values) add({ path, value })
    for (const [path, value] of never) add({ path, never: value })
  }
  return facts
}

function knowledge(literal: Atom | Some | Opaque, facts: Facts): boolean | undefined {
  if (literal.kind === 'opaque') {
    return literal.reads.some((path) => isAbsent(path, facts)) ? false : undefined
  }
  if (isAbsent(literal.path, facts)) return false
  if (literal.kind === 'some') return undefined
  if ('operand' in literal && 'path' in literal.operand && isAbsent(literal.operand.path, facts)) {
    return false
  }
  return atomKnowledge(literal, facts)
}

function isAbsent({ from, steps }: Path, facts: Facts): boolean {
  if (from !== 'event' || steps.length === 0) return false
  const found = facts.get(steps[0]!) ?? []
  return found.some(
    ({ path, value, never }) =>
      value === undefined && never === undefined && path.every((name, i) => steps[i] === name),
  )
}

function atomKnowledge(atom: Atom, facts: Facts): boolean | undefined {
  if (atom.path.from !== 'event' || atom.path.steps.length === 0) return undefined
  const { steps } = atom.path
  const found = facts
    .get(steps[0]!)
    ?.filter(
      ({ path }) => path.length === steps.length && path.every((name, i) => steps[i] === name),
    )
  for (const { value, never } of found ?? []) {
    if (value !== undefined) return testAtom(atom, value)
    if (atom.operator !== 'equal' || !('constant' in atom.operand)) continue
    if (atom.operand.constant === never) return false
  }
  return undefined
}
