import { testAtom } from './atom.ts'
import type { Atom, Json, Literal, Operand, Path, Residual, Step } from './residual.ts'
import { elementsOf, valueAt } from './value.ts'

/** `maybe` where an opaque literal decides, or a pattern or network that the matcher does not know. */
export type Holds = 'yes' | 'no' | 'maybe'

/** Answers for a pattern or a network: `regexMatch`, `globMatch`, `cidrContains`; undefined where it cannot. */
export type Matcher = (atom: Atom, constant: Json, value: Json) => boolean | undefined

interface Scope {
  readonly event: Json
  readonly matcher: Matcher
  readonly elements: readonly (readonly [key: Step, value: Json])[]
}

/**
 * Whether a residual holds for a parsed event: the definition of residual.ts, carried out. For tests
 * and for events that are looked at one by one; the index answers the same question on bytes.
 *
 * @param residual after `bindData`
 */
export function holds(residual: Residual, event: Json, matcher: Matcher = () => undefined): Holds {
  return either(residual, { event, matcher, elements: [] })
}

function either(residual: Residual, scope: Scope): Holds {
  return best(residual.map((conjunction) => worst(conjunction.map((item) => literal(item, scope)))))
}

function literal(item: Literal, scope: Scope): Holds {
  switch (item.kind) {
    case 'atom':
      return atom(item, scope)
    case 'some': {
      const elements = elementsOf(at(item.path, scope))
      return best(
        elements.map((element) =>
          either(item.where, { ...scope, elements: [...scope.elements, element] }),
        ),
      )
    }
    case 'not':
      return opposite[either(item.residual, scope)]
    case 'any':
      return either(item.residual, scope)
    case 'opaque':
      return 'maybe'
  }
}

function atom(item: Atom, scope: Scope): Holds {
  const value = at(item.path, scope)
  if (value === undefined) return 'no'
  if (!('operand' in item)) return said(testAtom(item, value))
  const constant = operandValue(item.operand, scope)
  if (constant === undefined) return 'no'
  if (constant === UNKNOWN) return 'maybe'
  const found = testAtom({ ...item, operand: { constant } }, value)
  return said(found ?? scope.matcher(item, constant, value))
}

/** What a template makes of anything but strings is OPA's to say. */
const UNKNOWN = Symbol('unknown')

function operandValue(operand: Operand, scope: Scope): Json | undefined | typeof UNKNOWN {
  if ('constant' in operand) return operand.constant
  if ('path' in operand) return at(operand.path, scope)
  let text = ''
  for (const part of operand.concat) {
    const value = operandValue(part, scope)
    if (typeof value !== 'string') return UNKNOWN
    text += value
  }
  return text
}

function at(path: Path, scope: Scope): Json | undefined {
  const { from, steps } = path
  if (from === 'event') return valueAt(scope.event, steps)
  if (from === 'data') throw new Error('a path of data is left: the residual was not bound to data')
  const [key, value] = scope.elements[('element' in from ? from.element : from.key) - 1]!
  return valueAt('element' in from ? value : key, steps)
}

const opposite: Readonly<Record<Holds, Holds>> = { yes: 'no', no: 'yes', maybe: 'maybe' }

function said(answer: boolean | undefined): Holds {
  if (answer === undefined) return 'maybe'
  return answer ? 'yes' : 'no'
}

function best(answers: readonly Holds[]): Holds {
  if (answers.includes('yes')) return 'yes'
  return answers.includes('maybe') ? 'maybe' : 'no'
}

function worst(answers: readonly Holds[]): Holds {
  if (answers.includes('no')) return 'no'
  return answers.includes('maybe') ? 'maybe' : 'yes'
}
