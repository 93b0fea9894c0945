/** Residuals as conditions. */
import { Facts } from '../../residual/facts.ts'
import { placeOfLiteral } from '../../residual/place.ts'
import type {
  Atom,
  Conjunction,
  Json,
  Literal,
  Place,
  Residual,
  Some,
} from '../../residual/residual.ts'
import type { TypeOf } from '../../residual/typed.ts'
import { assumedBy } from './assumed.ts'
import { atomTerm, listTerm } from './atom.ts'
import { isPatchLiteral, lookIntoBody, patchTerm } from './body.ts'
import { someTerm } from './elements.ts'
import { amongTerm, dataTerm, elementTerm, filledTerm } from './data-terms.ts'
import { and, not, or, type Term } from './expr.ts'
import { withData } from './fixed-data.ts'
import { Inexpressible } from './inexpressible.ts'
import type { DataLists } from './lists.ts'
import type { Macros } from './macros.ts'
import { Notes } from './notes.ts'
import { askedOfData, asksForElement } from './of-data.ts'
import type { Leave } from './parts.ts'

export interface Translation {
  readonly lists: DataLists
  readonly macros: Macros
  /** What is to be known of the macros that were made. */
  readonly ofMacros: Map<string, Notes>
  readonly types: TypeOf
  /** Stands in the condition where no list can stand for it. */
  readonly data?: Json
  /** Leave out what cannot be said, so that the condition holds for more events. */
  readonly isWider?: boolean
}

/** A condition, and what is to be known of it. */
export interface Translated {
  readonly term: Term
  readonly notes: Notes
}

/** Whether a wider or a narrower condition makes the whole wider. */
type Side = 'wider' | 'narrower'

/**
 * The condition that holds for the events for which a residual does.
 *
 * @param residual after `assumeTypes`
 * @throws Inexpressible where it cannot be said, and not be left out either
 */
export function translate(residual: Residual, translation: Translation): Translated {
  const translator = new Translator(translation)
  const term = translator.literal({ kind: 'any', residual }, OUTERMOST, 'wider')
  return { term, notes: translator.notes }
}

/** What holds where a literal stands. */
interface Scope {
  readonly facts: Facts
  /** The resources that a request can be about; undefined for any. */
  readonly resources: readonly string[] | undefined
  /** Where what is around was written. */
  readonly place: Place | undefined
}

const OUTERMOST: Scope = { facts: new Facts(), resources: undefined, place: undefined }

function innerScope(conjunction: Conjunction, around: Scope): Scope {
  const facts = new Facts(around.facts)
  for (const literal of conjunction) facts.add(literal)
  const resources = conjunction.map(resourcesOf).find(Boolean) ?? around.resources
  return { ...around, facts, resources }
}

function resourcesOf(literal: Literal): readonly string[] | undefined {
  if (literal.kind !== 'atom' || literal.path.from !== 'event') return undefined
  if (literal.path.steps.join() !== 'objectRef,resource') return undefined
  if (literal.operator !== 'equal' && literal.operator !== 'in') return undefined
  return 'constant' in literal.operand ? ([literal.operand.constant].flat() as string[]) : undefined
}

class Translator {
  readonly notes = new Notes()
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
      ...left.map((literal) => this.literal(literal, scope, side)),
    ])
  }

  /** Whoever uses a macro takes for granted what it does. */
  #macro(name: string): Term {
    const { macros, ofMacros } = this.#given
    const term = macros.use(name, (residual) => {
      const own = new Translator({ ...this.#given, isWider: false })
      const condition = own.either(residual, OUTERMOST, 'wider')
      ofMacros.set(name, own.notes)
      return condition
    })
    this.notes.addAll(ofMacros.get(name)!)
    return term
  }

  /** Exactly, for whatever data; else with the data put in; else wider, where that is wanted. */
  literal(literal: Literal, scope: Scope, side: Side): Term {
    const { data, isWider } = this.#given
    const exact = this.#tried((exactly) => exactly.#exact(literal, scope, side))
    if (!(exact instanceof Inexpressible)) return exact
    const known = data === undefined || isInElement(literal) ? undefined : withData(literal, data)
    const fixed = known && this.#tried((exactly) => exactly.either(known.residual, scope, side))
    if (fixed !== undefined && !(fixed instanceof Inexpressible)) {
      for (const one of known!.fixed) this.notes.fix(one)
      return fixed
    }
    const reason = exact.at(placeOfLiteral(literal) ?? scope.place)
    if (!isWider) throw reason
    try {
      return this.#exact(literal, scope, side)
    } catch (error) {
      if (!(error instanceof Inexpressible)) throw error
      this.notes.lose(reason)
      return side === 'wider'
    }
  }

  /** What comes of an attempt that leaves nothing out; its notes are kept where it succeeds. */
  #tried(attempt: (exactly: Translator) => Term): Term | Inexpressible {
    const exactly = new Translator({ ...this.#given, isWider: false })
    try {
      const term = attempt(exactly)
      this.notes.addAll(exactly.notes)
      return term
    } catch (error) {
      if (error instanceof Inexpressible) return error
      throw error
    }
  }

  /** Within an element a test may be left out only where that makes the condition wider. */
  #leave(side: Side): Leave {
    return this.#given.isWider && side === 'wider' ? (loss) => this.notes.lose(loss) : undefined
  }

  #exact(literal: Literal, around: Scope, side: Side): Term {
    const scope = { ...around, place: placeOfLiteral(literal) ?? around.place }
    switch (literal.kind) {
      case 'atom':
        return this.#atom(literal)
      case 'some':
        return literal.path.from === 'data'
          ? this.#someOfData(literal, scope, side)
          : isPatchLiteral(literal)
            ? patchTerm(literal, scope.resources, scope.facts, this.#leave(side))
            : this.#someOfEvent(literal, scope, side)
      case 'not':
        return not(this.either(literal.residual, scope, side === 'wider' ? 'narrower' : 'wider'))
      case 'any':
        return this.either(literal.residual, scope, side)
      case 'opaque':
        throw new Inexpressible(`\`${literal.text}\``, literal)
    }
  }

  #someOfEvent(literal: Some, scope: Scope, side: Side): Term {
    const { lists, types } = this.#given
    const said = literal.where.map((conjunction) => amongTerm(literal.path, conjunction, lists))
    const where = literal.where.filter((_, i) => said[i] === undefined)
    const outside = (residual: Residual): Term => this.either(residual, scope, side)
    const known = { types, assume: (assumption: string) => this.notes.assume(assumption) }
    const rest =
      where.length > 0 ? [someTerm({ ...literal, where }, outside, this.#leave(side), known)] : []
    return or([...said.filter((term) => term !== undefined), ...rest])
  }

  #atom(atom: Atom): Term {
    const { types, lists } = this.#given
    if (atom.path.from === 'data') return dataTerm(atom, lists)
    if (atom.path.from !== 'event')
      throw new Inexpressible('an element compared with something else', atom)
    const assumption = types(atom.path.steps, 'event') === undefined ? assumedBy(atom) : undefined
    if (assumption !== undefined) this.notes.assume(assumption)
    const operand = 'operand' in atom ? atom.operand : undefined
    if (operand && 'path' in operand && operand.path.from === 'data') {
      if (atom.operator !== 'in') throw new Inexpressible('a field compared with data', atom)
      return listTerm(atom, lists.nameOf(operand.path))
    }
    return atomTerm(atom)
  }

  /** An element of data, with which one field is compared. */
  #someOfData(literal: Some, scope: Scope, side: Side): Term {
    const { lists } = this.#given
    return or(
      askedOfData(literal.where).map(({ about, others }) => {
        const [atom, ...more] = about
        if (more.length > 0 || (atom && atom.kind !== 'atom'))
          throw new Inexpressible('several conditions on one element of data', literal)
        return and([
          atom ? elementTerm(literal, atom, lists) : filledTerm(literal.path, lists),
          this.#all(others, scope, side),
        ])
      }),
    )
  }
}

/** Of the literals within an element only tests of the event get here, which may compare with it. */
function isInElement(literal: Literal): boolean {
  return literal.kind === 'atom' && asksForElement(literal)
}
