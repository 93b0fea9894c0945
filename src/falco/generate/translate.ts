/** Residuals as conditions. */
import { Facts } from '../../residual/facts.ts'
import type {
  Atom,
  Conjunction,
  Literal,
  Operand,
  Residual,
  Some,
} from '../../residual/residual.ts'
import type { TypeOf } from '../../residual/typed.ts'
import { assumedBy } from './assumed.ts'
import { atomTerm, listTerm } from './atom.ts'
import { isPatchLiteral, lookIntoBody, patchTerm } from './body.ts'
import { someTerm } from './elements.ts'
import { and, field, listed, not, or, type Term } from './expr.ts'
import { Inexpressible } from './inexpressible.ts'
import type { DataLists } from './lists.ts'
import type { Macros } from './macros.ts'
import type { Leave } from './parts.ts'

/** What a condition could not say. */
export interface Loss {
  readonly reason: string
  readonly place?: NonNullable<Inexpressible['place']>
}

export interface Translation {
  readonly lists: DataLists
  readonly macros: Macros
  readonly types: TypeOf
  /** Takes what is assumed about values whose types are not known. */
  readonly assumed?: Set<string>
  /** Leave out what cannot be said, so that the condition holds for more events; what was left out. */
  readonly losses?: Loss[]
}

/** Whether a wider or a narrower condition makes the whole wider. */
type Side = 'wider' | 'narrower'

/**
 * The condition that holds for the events for which a residual does.
 *
 * @param residual after `assumeTypes`
 * @throws Inexpressible where it cannot be said, and not be left out either
 */
export function translate(residual: Residual, translation: Translation): Term {
  return new Translator(translation).either(residual, OUTERMOST, 'wider')
}

/** What holds where a literal stands. */
interface Scope {
  readonly facts: Facts
  /** The resources that a request can be about; undefined for any. */
  readonly resources: readonly string[] | undefined
}

const OUTERMOST: Scope = { facts: new Facts(), resources: undefined }

function innerScope(conjunction: Conjunction, around: Scope): Scope {
  const facts = new Facts(around.facts)
  for (const literal of conjunction) facts.add(literal)
  return { facts, resources: conjunction.map(resourcesOf).find(Boolean) ?? around.resources }
}

function resourcesOf(literal: Literal): readonly string[] | undefined {
  if (literal.kind !== 'atom' || literal.path.from !== 'event') return undefined
  if (literal.path.steps.join() !== 'objectRef,resource') return undefined
  if (literal.operator !== 'equal' && literal.operator !== 'in') return undefined
  return 'constant' in literal.operand ? ([literal.operand.constant].flat() as string[]) : undefined
}

class Translator {
  readonly #given: Translation

  constructor(given: Translation) {
    this.#given = given
  }

  either(residual: Residual, around: Scope, side: Side): Term {
    const whole = this.#given.macros.ofAlternatives(residual)
    if (whole !== undefined) return this.#macro(whole)
    const { terms, left } = lookIntoBody(residual, around.resources, this.#leave(side))
    return or([...terms, ...left.map((conjunction) => this.#all(conjunction, around, side))])
  }

  #all(conjunction: Conjunction, around: Scope, side: Side): Term {
    const scope = innerScope(conjunction, around)
    const { used, left } = this.#given.macros.within(conjunction, around.facts)
    return and([
      ...used.map(({ name, negated }) => (negated ? not(this.#macro(name)) : this.#macro(name))),
      ...left.map((literal) => this.#literal(literal, scope, side)),
    ])
  }

  #macro(name: string): Term {
    return this.#given.macros.use(name, (residual) => this.either(residual, OUTERMOST, 'wider'))
  }

  #literal(literal: Literal, scope: Scope, side: Side): Term {
    try {
      return this.#exact(literal, scope, side)
    } catch (error) {
      if (!(error instanceof Inexpressible)) throw error
      const placed = error.place ? error : new Inexpressible(error.message, literal)
      if (!this.#given.losses) throw placed
      this.#lose(placed)
      return side === 'wider'
    }
  }

  /** Within an element a test may be left out only where that makes the condition wider. */
  #leave(side: Side): Leave {
    return this.#given.losses && side === 'wider' ? (loss) => this.#lose(loss) : undefined
  }

  #lose({ message: reason, place }: Inexpressible): void {
    const losses = this.#given.losses!
    const isKnown = losses.some(
      (loss) =>
        loss.reason === reason &&
        loss.place?.file === place?.file &&
        loss.place?.row === place?.row,
    )
    if (!isKnown) losses.push({ reason, ...(place ? { place } : {}) })
  }

  #exact(literal: Literal, scope: Scope, side: Side): Term {
    switch (literal.kind) {
      case 'atom':
        return this.#atom(literal)
      case 'some':
        return literal.path.from === 'data'
          ? this.#someOfData(literal, scope, side)
          : isPatchLiteral(literal)
            ? patchTerm(literal, scope.resources, this.#leave(side))
            : someTerm(literal, (residual) => this.either(residual, scope, side), this.#leave(side))
      case 'not':
        return not(this.either(literal.residual, scope, side === 'wider' ? 'narrower' : 'wider'))
      case 'any':
        return this.either(literal.residual, scope, side)
      case 'opaque':
        throw new Inexpressible(`\`${literal.text}\``, literal)
    }
  }

  #atom(atom: Atom): Term {
    if (atom.path.from !== 'event')
      throw new Inexpressible('a test of the organisation’s data alone', atom)
    const { types, assumed } = this.#given
    const assumption = types(atom.path.steps, 'event') === undefined ? assumedBy(atom) : undefined
    if (assumption !== undefined) assumed?.add(assumption)
    const operand = 'operand' in atom ? atom.operand : undefined
    if (operand && 'path' in operand && operand.path.from === 'data') {
      if (atom.operator !== 'in') throw new Inexpressible('a field compared with data', atom)
      return listTerm(atom, this.#given.lists.nameOf(operand.path))
    }
    return atomTerm(atom)
  }

  /** An element of data, with which one field is compared. */
  #someOfData(literal: Some, scope: Scope, side: Side): Term {
    return or(
      literal.where.map((conjunction) => {
        const about = conjunction.filter(asksForElement)
        const others = conjunction.filter((one) => !asksForElement(one))
        const [atom, ...more] = about
        if (more.length > 0 || (atom && atom.kind !== 'atom'))
          throw new Inexpressible('several conditions on one element of data', literal)
        return and([
          atom ? this.#comparedWithElement(literal, atom) : this.#isFilled(literal),
          this.#all(others, scope, side),
        ])
      }),
    )
  }

  #comparedWithElement(literal: Some, atom: Atom): Term {
    const operand = 'operand' in atom ? atom.operand : undefined
    const around = operand && aroundElement(operand)
    if (atom.path.from !== 'event' || !around)
      throw new Inexpressible('an element of data compared with something else', literal)
    return listTerm(atom, this.#given.lists.nameOf(literal.path, around.prefix, around.suffix))
  }

  /** No source of events is called like an element of a list, so one that is another is an element. */
  #isFilled({ path }: Some): Term {
    return listed(field('evt.source'), '!=', [this.#given.lists.nameOf(path)], 'anyof')
  }
}

/** Outside of other `some` literals the element of one has number 1. */
function asksForElement(literal: Literal): boolean {
  return literal.kind !== 'opaque' && JSON.stringify(literal).includes('"element":')
}

/** What stands before and behind the element in an operand; undefined where it is no part of it alone. */
function aroundElement(
  operand: Operand,
): { readonly prefix: string; readonly suffix: string } | undefined {
  if ('constant' in operand) return undefined
  const parts = 'concat' in operand ? operand.concat : [operand]
  const at = parts.findIndex((part) => 'path' in part)
  const element = parts[at]
  if (!element || !('path' in element) || element.path.steps.length > 0) return undefined
  if (typeof element.path.from !== 'object' || !('element' in element.path.from)) return undefined
  const texts = parts.map((part) => ('constant' in part ? part.constant : undefined))
  const [prefix, suffix] = [texts.slice(0, at), texts.slice(at + 1)]
  if ([...prefix, ...suffix].some((text) => typeof text !== 'string')) return undefined
  return { prefix: prefix.join(''), suffix: suffix.join('') }
}
