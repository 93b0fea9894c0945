/** Names and definitions: what replaces, hides or extends what. */
import type { Diagnostic } from '../../text/diagnostic.ts'
import { nearest } from '../../text/nearest.ts'
import { parseCondition } from '../condition/parser.ts'
import { ConditionError } from '../condition/error.ts'
import type { CheckExpr, Expr } from '../condition/ast.ts'
import type { Change } from '../rules/collect.ts'
import { Traced } from '../rules/traced.ts'
import { literalsOf } from './literals.ts'
import { finding } from './report.ts'
import type { LintSubject } from './subject.ts'

/** Definitions that silently replace another one. */
export function redefined({ compilation }: LintSubject): Diagnostic[] {
  return compilation.changes.flatMap((change) => {
    const { kind, what, name, place, previous } = change
    if (kind !== 'redefined') return []
    const where = previous.file === place.file ? 'above' : `in \`${previous.file}\``
    return finding(
      'FALCO_REDEFINED',
      `the ${what} \`${name}\` replaces the one ${where}, of which nothing stays`,
      place,
      what === 'rule'
        ? 'rename one, or say under `override` what of it changes'
        : 'rename one, or use `override` with `append` or `replace`',
    )
  })
}

/** `a or b` extended by `and c`, which then belongs to `b` alone. */
export function appendBinds({ compilation }: LintSubject): Diagnostic[] {
  return compilation.changes.flatMap(({ condition, what, name }) => {
    if (!condition || !/^\s*and\b/.test(condition.added.text)) return []
    const { before, added } = condition
    // In parentheses they stay together.
    if (parsed(Traced.join(before, before.standIn(' ', 0), added))?.kind !== 'or') return []
    if (parsed(before)?.kind !== 'or') return []
    return finding(
      'FALCO_APPEND_BINDS',
      `what is appended to the ${what} \`${name}\` joins only the last of its alternatives`,
      added.place(0, added.text.length),
      'put the alternatives of the first definition into parentheses',
    )
  })
}

/** Lists whose names stand for something else too. */
export function listNames({ compilation }: LintSubject): Diagnostic[] {
  const { lists, macros } = compilation
  const names = new Set(lists.map((list) => list.name))
  const clashes = lists.flatMap(({ name, definition }) =>
    macros.has(name)
      ? finding(
          'FALCO_LIST_OVER_MACRO',
          `the list \`${name}\` has the name of a macro, and replaces it in every condition`,
          definition.place,
          'rename one of them',
        )
      : [],
  )
  return [...clashes, ...definedConditions(compilation).flatMap((text) => replaced(text, names))]
}

/** A name of a list as a value, where its items are put in. */
function replaced(text: Traced, lists: ReadonlySet<string>): Diagnostic[] {
  return checksOf(parsed(text)).flatMap((check) => {
    if (check.right?.kind !== 'value' || check.modifier || LISTED.has(check.operator)) return []
    return literalsOf(check, text).flatMap(({ text: value, quoted, place }) =>
      !quoted && lists.has(value)
        ? finding(
            'FALCO_LIST_OVER_VALUE',
            `\`${value}\` is the name of a list, whose items are put in here`,
            place,
            `write \`"${value}"\` for the text itself, or \`in (${value})\` for the items`,
          )
        : [],
    )
  })
}

const LISTED: ReadonlySet<string> = new Set(['in', 'intersects', 'pmatch'])

/** Values that look like the names of lists, and are none, or were not expanded. */
export function unknownLists({ compilation, sites }: LintSubject): Diagnostic[] {
  const names = new Set(compilation.lists.map(({ name }) => name))
  return sites.flatMap(({ check, text }) => {
    if (!LISTED.has(check.operator) && !check.modifier) return []
    const literals = literalsOf(check, text)
    return literals.flatMap(({ text: value, quoted, place }) => {
      if (quoted) return []
      const help = listHelp(value, names, literals.length === 1)
      if (help === undefined) return []
      const message = names.has(value)
        ? `the list \`${value}\` was not expanded, so its name stands for itself here`
        : `there is no list \`${value}\`, so this compares with the text itself`
      return finding('FALCO_UNKNOWN_LIST', message, place, help)
    })
  })
}

/** Undefined where the value is most likely meant as it is. */
function listHelp(value: string, names: ReadonlySet<string>, alone: boolean): string | undefined {
  if (names.has(value)) {
    return 'Falco expands lists in lists by one level; define the lists that it holds behind it'
  }
  if (!/^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/.test(value)) return undefined
  const close = nearest(
    value,
    [...names].filter((name) => isClose(name, value)),
  )
  if (close !== undefined) return `did you mean \`${close}\`?`
  return alone ? `define the list, or write \`"${value}"\` for the text` : undefined
}

/** Not more than a letter or two apart. */
function isClose(a: string, b: string): boolean {
  return Math.abs(a.length - b.length) <= 2 && a.slice(0, 3) === b.slice(0, 3)
}

/** What rules and macros say before lists are put in. */
function definedConditions({ rules, macros }: LintSubject['compilation']): Traced[] {
  return [
    ...rules.map(({ definition }) => definition.condition),
    ...[...macros.values()].map(({ definition }) => definition.condition),
  ]
}

/** Undefined where lists are needed to make it a condition. */
function parsed(text: Traced): Expr | undefined {
  try {
    return parseCondition(text.text)
  } catch (error) {
    if (error instanceof ConditionError) return undefined
    throw error
  }
}

function checksOf(expr: Expr | undefined): CheckExpr[] {
  if (!expr || expr.kind === 'identifier') return []
  if (expr.kind === 'check') return [expr]
  return expr.kind === 'not' ? checksOf(expr.child) : expr.children.flatMap(checksOf)
}

/** Rules of other event sources, which are loaded and otherwise left alone. */
export function otherSources({ compilation }: LintSubject): Diagnostic[] {
  const counts = new Map<string, { count: number; first: Change['place'] }>()
  for (const { definition, program } of compilation.rules) {
    if (program) continue
    const { source, place } = definition
    counts.set(source, {
      first: place,
      ...counts.get(source),
      count: (counts.get(source)?.count ?? 0) + 1,
    })
  }
  return [...counts].map(([source, { count, first }]) =>
    finding(
      'FALCO_OTHER_SOURCE',
      `${count} ${count === 1 ? 'rule' : 'rules'} of the source \`${source}\`: fields are not checked, and nothing is evaluated`,
      first,
      'only rules with `source: k8s_audit` are checked whole',
    ),
  )
}
