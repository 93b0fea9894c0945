/**
 * Macros are trees: a name in a condition stands for the macro's whole condition, in parentheses of
 * its own. A macro sees those that were first defined before its own last change; a rule sees all.
 */
import { CONDITION_DEPTH_MAX, CONDITION_NODES_MAX } from '../../text/limits.ts'
import { nearest } from '../../text/nearest.ts'
import type { Expr, IdentifierExpr, Place } from '../condition/ast.ts'
import { LoadError } from './diagnose.ts'
import type { MacroDefinition } from './model.ts'
import type { ResolvedExpr } from './resolved.ts'
import type { Traced } from './traced.ts'

/** A macro whose condition is parsed, and resolved once its turn has come. */
export interface Macro {
  readonly definition: MacroDefinition
  /** Its condition with lists put in. */
  readonly text: Traced
  readonly parsed: Expr
  /** `broken`: it was reported, so what uses it need not be. */
  resolved?: Sized | 'broken'
  used: boolean
}

/** A resolved condition with the size of its tree, macros counted at each use. */
interface Sized {
  readonly expr: ResolvedExpr
  readonly nodes: number
  readonly depth: number
}

/** Thrown for what uses a macro whose error was reported already. */
export class BrokenMacro extends Error {}

export class MacroResolver {
  readonly #macros: ReadonlyMap<string, Macro>

  constructor(macros: ReadonlyMap<string, Macro>) {
    this.#macros = macros
  }

  /**
   * Resolves all macros in order of first definition.
   *
   * @param report is told of each macro that cannot be resolved, unless that is another's fault.
   */
  resolveAll(report: (error: LoadError) => void): void {
    for (const macro of this.#macros.values()) {
      try {
        const walk = new Walk(this.#macros, macro.definition.last)
        macro.resolved = walk.resolve(macro.parsed, macro.text)
      } catch (error) {
        macro.resolved = 'broken'
        if (error instanceof LoadError) report(error)
        else if (!(error instanceof BrokenMacro)) throw error
      }
    }
  }

  /**
   * Resolves a rule's condition.
   *
   * @throws LoadError for an unknown macro, or where the tree becomes too large; BrokenMacro.
   */
  resolve(parsed: Expr, text: Traced): ResolvedExpr {
    return new Walk(this.#macros, Infinity).resolve(parsed, text).expr
  }
}

/** The resolving of one condition, with the macros that it may see. */
class Walk {
  readonly #macros: ReadonlyMap<string, Macro>
  /** Macros first defined at or behind this order number cannot be seen. */
  readonly #before: number
  /** Macros that are being entered, and those that were left. */
  readonly #path = new Set<Macro>()
  readonly #done = new Map<Macro, Sized>()

  constructor(macros: ReadonlyMap<string, Macro>, before: number) {
    this.#macros = macros
    this.#before = before
  }

  resolve(expr: Expr, text: Traced): Sized {
    switch (expr.kind) {
      case 'check':
        return { expr, nodes: 1, depth: 1 }
      case 'identifier':
        return this.#macro(expr, text)
      case 'not': {
        const child = this.resolve(expr.child, text)
        return sized({ ...expr, child: child.expr }, [child], text)
      }
      default: {
        const children = expr.children.map((child) => this.resolve(child, text))
        return sized({ ...expr, children: children.map((child) => child.expr) }, children, text)
      }
    }
  }

  #macro(identifier: IdentifierExpr, text: Traced): Sized {
    const { name, at, end } = identifier
    const macro = this.#macros.get(name)
    if (!macro || macro.definition.first >= this.#before) {
      throw this.#undefined(identifier, macro, text)
    }
    if (this.#path.has(macro)) {
      throw refuse(identifier, text, `the macro \`${name}\` refers to itself`)
    }
    macro.used = true
    const body = this.#body(macro, identifier, text)
    return sized({ kind: 'macro', name, body: body.expr, text: macro.text, at, end }, [body], text)
  }

  /** A macro whose turn has not come is resolved with the eyes of the one that uses it. */
  #body(macro: Macro, place: Place, text: Traced): Sized {
    if (macro.resolved === 'broken') throw new BrokenMacro()
    const known = macro.resolved ?? this.#done.get(macro)
    if (known) return known
    if (this.#path.size >= CONDITION_DEPTH_MAX) throw tooLarge(place, text)
    this.#path.add(macro)
    const body = this.resolve(macro.parsed, macro.text)
    this.#path.delete(macro)
    this.#done.set(macro, body)
    return body
  }

  #undefined(identifier: IdentifierExpr, later: Macro | undefined, text: Traced): LoadError {
    const { name } = identifier
    if (later) {
      const help = 'a macro must be defined before the macros that use it'
      return refuse(identifier, text, `the macro \`${name}\` is not defined yet`, help)
    }
    const meant = nearest(name.slice(0, 100), this.#macros.keys())
    const help = meant ? `did you mean \`${meant}\`?` : 'define it in this file or an earlier one'
    return refuse(identifier, text, `the macro \`${name}\` is not defined`, help)
  }
}

function sized(expr: ResolvedExpr, parts: readonly Sized[], text: Traced): Sized {
  const nodes = parts.reduce((sum, part) => sum + part.nodes, 1)
  const depth = parts.reduce((most, part) => Math.max(most, part.depth), 0) + 1
  if (nodes > CONDITION_NODES_MAX || depth > CONDITION_DEPTH_MAX) throw tooLarge(expr, text)
  return { expr, nodes, depth }
}

function tooLarge(place: Place, text: Traced): LoadError {
  return refuse(
    place,
    text,
    `with its macros the condition has more than ${CONDITION_NODES_MAX} parts or ${CONDITION_DEPTH_MAX} levels`,
    'macros that use macros multiply; use fewer of them',
  )
}

function refuse({ at, end }: Place, text: Traced, message: string, help?: string): LoadError {
  return new LoadError('LOAD_ERR_VALIDATE', message, text.place(at, end), help)
}
