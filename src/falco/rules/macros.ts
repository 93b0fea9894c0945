/**
 * Macros are trees: a name in a condition stands for the macro's whole condition, in parentheses of
 * its own. A macro sees those that were first defined before its own last change; a rule sees all.
 */
import { CONDITION_DEPTH_MAX, CONDITION_NODES_MAX } from '../../text/limits.ts'
import { nearest } from '../../text/nearest.ts'
import type { Expr, IdentifierExpr } from '../condition/ast.ts'
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
  resolved?: Sized
  used: boolean
}

/** A resolved condition with the size of its tree, macros counted at each use. */
interface Sized {
  readonly expr: ResolvedExpr
  readonly nodes: number
  readonly depth: number
}

export class MacroResolver {
  readonly #macros: ReadonlyMap<string, Macro>

  constructor(macros: ReadonlyMap<string, Macro>) {
    this.#macros = macros
  }

  /**
   * Resolves all macros in order of first definition.
   *
   * @param report is told of each macro that cannot be resolved.
   */
  resolveAll(report: (error: LoadError) => void): void {
    for (const macro of this.#macros.values()) {
      try {
        const walk = new Walk(this.#macros, macro.definition.last, macro.text)
        macro.resolved = walk.resolve(macro.parsed)
      } catch (error) {
        if (!(error instanceof LoadError)) throw error
        report(error)
      }
    }
  }

  /** @throws LoadError for an unknown macro, or where the tree becomes too large. */
  resolve(parsed: Expr, text: Traced): ResolvedExpr {
    return new Walk(this.#macros, Infinity, text).resolve(parsed).expr
  }
}

/** One condition, with the macros that it may see. */
class Walk {
  readonly #macros: ReadonlyMap<string, Macro>
  /** Macros first defined at or behind this order number cannot be seen. */
  readonly #before: number
  readonly #text: Traced
  readonly #path: readonly string[]

  constructor(
    macros: ReadonlyMap<string, Macro>,
    before: number,
    text: Traced,
    path: readonly string[] = [],
  ) {
    this.#macros = macros
    this.#before = before
    this.#text = text
    this.#path = path
  }

  resolve(expr: Expr): Sized {
    switch (expr.kind) {
      case 'check':
        return { expr, nodes: 1, depth: 1 }
      case 'identifier':
        return this.#macro(expr)
      case 'not': {
        const child = this.resolve(expr.child)
        return this.#sized({ ...expr, child: child.expr }, [child])
      }
      default: {
        const children = expr.children.map((child) => this.resolve(child))
        return this.#sized({ ...expr, children: children.map((child) => child.expr) }, children)
      }
    }
  }

  #macro(identifier: IdentifierExpr): Sized {
    const { name, at, end } = identifier
    const macro = this.#macros.get(name)
    if (!macro || macro.definition.first >= this.#before) throw this.#undefined(identifier, macro)
    if (this.#path.includes(name)) {
      throw this.#error(identifier, `the macro \`${name}\` refers to itself`)
    }
    if (this.#path.length > CONDITION_DEPTH_MAX) throw this.#tooLarge(identifier)
    macro.used = true
    const body = macro.resolved ?? this.#inside(macro).resolve(macro.parsed)
    return this.#sized({ kind: 'macro', name, body: body.expr, text: macro.text, at, end }, [body])
  }

  #sized(expr: ResolvedExpr, parts: readonly Sized[]): Sized {
    const nodes = parts.reduce((sum, part) => sum + part.nodes, 1)
    const depth = parts.reduce((most, part) => Math.max(most, part.depth), 0) + 1
    if (nodes > CONDITION_NODES_MAX || depth > CONDITION_DEPTH_MAX) throw this.#tooLarge(expr)
    return { expr, nodes, depth }
  }

  #inside(macro: Macro): Walk {
    const path = [...this.#path, macro.definition.name]
    return new Walk(this.#macros, this.#before, macro.text, path)
  }

  #undefined(identifier: IdentifierExpr, later: Macro | undefined): LoadError {
    const { name } = identifier
    if (later) {
      const message = `the macro \`${name}\` is not defined yet`
      return this.#error(
        identifier,
        message,
        'a macro must be defined before the macros that use it',
      )
    }
    const meant = nearest(name.slice(0, 100), this.#macros.keys())
    const help = meant ? `did you mean \`${meant}\`?` : 'define it in this file or an earlier one'
    return this.#error(identifier, `the macro \`${name}\` is not defined`, help)
  }

  #tooLarge(place: { readonly at: number; readonly end: number }): LoadError {
    return this.#error(
      place,
      `with its macros the condition has more than ${CONDITION_NODES_MAX} parts or ${CONDITION_DEPTH_MAX} levels`,
      'macros that use macros multiply; use fewer of them',
    )
  }

  #error(
    { at, end }: { readonly at: number; readonly end: number },
    message: string,
    help?: string,
  ): LoadError {
    return new LoadError('LOAD_ERR_VALIDATE', message, this.#text.place(at, end), help)
  }
}
