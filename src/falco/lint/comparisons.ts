/** Comparisons that do something else than they seem to. Each check looks at one comparison. */
import type { Diagnostic } from '../../text/diagnostic.ts'
import { printOperand } from '../condition/print.ts'
import type { ResolvedField } from '../fields/resolve.ts'
import { type Literal, literalsOf } from './literals.ts'
import { auditInfo, comparedField } from '../rules/fields-used.ts'
import { finding } from './report.ts'
import type { LintSubject, Site } from './subject.ts'
import { impossible } from './values.ts'

/** A comparison with its field and literals looked up. */
interface ComparedSite extends Site {
  readonly field: ResolvedField
  readonly literals: readonly Literal[]
  /** The left side as written. */
  readonly left: string
}

type Check = (comparison: ComparedSite) => Diagnostic | undefined | readonly Diagnostic[]

export function comparisons({ sites }: LintSubject): Diagnostic[] {
  return sites.flatMap((site) => {
    const field = comparedField(site.check)
    if (!field) return []
    const literals = literalsOf(site.check, site.text)
    const comparison = { ...site, field, literals, left: printOperand(site.check.left) }
    return CHECKS.flatMap((check) => check(comparison) ?? [])
  })
}

const EQUALITY: ReadonlySet<string> = new Set(['=', '==', '!=', 'in', 'intersects'])
const isEquality = ({ check }: Site): boolean => EQUALITY.has(check.operator)

const placeOf = ({ check, text }: Site): ReturnType<typeof text.place> =>
  text.place(check.at, check.end)

const impossibleValue: Check = (comparison) => {
  if (!isEquality(comparison)) return undefined
  const { check, field, literals, left } = comparison
  return literals.flatMap(({ text, place }) => {
    if (text === '' || text === '<NA>') return []
    const problem =
      check.left.kind === 'field'
        ? impossible(field, text)
        : neverTransformed(check.left.name, left, text)
    return problem ? finding('FALCO_IMPOSSIBLE_VALUE', problem.message, place, problem.help) : []
  })
}

function neverTransformed(
  transformer: string,
  left: string,
  value: string,
): { message: string; help: string } | undefined {
  const wanted =
    transformer === 'tolower'
      ? value.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
      : transformer === 'toupper'
        ? value.replace(/[a-z]/g, (letter) => letter.toUpperCase())
        : value
  if (wanted === value) return undefined
  return { message: `\`${left}\` is never \`${value}\``, help: `write \`${wanted}\`` }
}

const emptyCompared: Check = (comparison) => {
  const { literals, left, check } = comparison
  if (!isEquality(comparison) || check.operator === '!=' || check.left.kind !== 'field')
    return undefined
  if (!literals.some(({ text }) => text === '')) return undefined
  return finding(
    'FALCO_EMPTY_COMPARED',
    `\`${left}\` is compared with an empty text, and that is not the same as missing`,
    placeOf(comparison),
    `a missing field makes every comparison false; write \`${left} exists\`, or \`not ${left} exists\``,
  )
}

const missingNotEqual: Check = (comparison) => {
  const { check, field, literals, left } = comparison
  if (check.operator !== '!=' || check.left.kind !== 'field') return undefined
  if (!comparison.positive || comparison.required || !isOftenMissing(field)) return undefined
  if (literals.some(({ text }) => text === '' || text === '<NA>')) return undefined
  const value = literals.map(({ text }) => text).join(', ')
  return finding(
    'FALCO_MISSING_NOT_EQUAL',
    `\`${left}\` is often missing, and then this \`!=\` is false`,
    placeOf(comparison),
    `write \`not ${left} = ${value || '…'}\` to include what lacks it`,
  )
}

/** What the event's kind and audit level decide; unknown places in the event are taken for such. */
function isOftenMissing(field: ResolvedField): boolean {
  if (field.class === 'falco') return false
  const info = auditInfo(field)
  return info === undefined || info.oftenMissing === true || info.level !== 'Metadata'
}

const listEvery: Check = (comparison) => {
  const { check, field, left } = comparison
  if (check.operator !== 'in' || !field.info.list || check.left.kind !== 'field') return undefined
  if (!comparison.positive || field.index !== undefined) return undefined
  return finding(
    'FALCO_LIST_EVERY',
    `\`${left}\` is a list, and \`in\` asks that all of its elements are among the values`,
    placeOf(comparison),
    'to ask for one of them use `intersects`',
  )
}

const TEXT_TRANSFORMERS: ReadonlySet<string> = new Set(['tolower', 'toupper', 'b64', 'basename'])

const listTransformed: Check = (comparison) => {
  const { check, field, left } = comparison
  if (check.left.kind !== 'transform' || !field.info.list) return undefined
  if (!TEXT_TRANSFORMERS.has(check.left.name) || check.operator === 'exists') return undefined
  return finding(
    'FALCO_LIST_TRANSFORMED',
    `\`${left}\` is a transformed list, which in Falco never equals anything`,
    placeOf(comparison),
    'compare with the values as they are, or with `join(",", …)` of the list',
  )
}

const textOrder: Check = (comparison) => {
  const { check, field, left } = comparison
  if (!['<', '<=', '>', '>='].includes(check.operator) || field.info.type !== 'text')
    return undefined
  if (check.left.kind === 'transform' && check.left.name === 'len') return undefined
  return finding(
    'FALCO_TEXT_ORDER',
    `\`${left}\` is a text, so \`${check.operator}\` compares characters: \`1000\` is less than \`400\``,
    placeOf(comparison),
    'name the values by `in`, or their form by `glob` or `regex`',
  )
}

const literalGlob: Check = (comparison) => {
  const { field, left } = comparison
  if (!isEquality(comparison) || field.class !== 'k8saudit') return undefined
  if (field.info.name.startsWith('ka.req.role.') || field.info.name.endsWith('.obj'))
    return undefined
  return comparison.literals.flatMap(({ text, place }) =>
    text.length > 1 && /^\*|\*$/.test(text)
      ? finding(
          'FALCO_LITERAL_GLOB',
          `\`${left}\` is compared with \`${text}\`, whose \`*\` is only a character here`,
          place,
          'use `startswith`, `endswith` or `glob`',
        )
      : [],
  )
}

const regexWhole: Check = ({ check, literals }) => {
  if (check.operator !== 'regex') return undefined
  return literals.flatMap(({ text, place }) => {
    const begins = text.startsWith('^')
    const ends = /(?<!\\)\$$/.test(text)
    const cut = begins ? !ends && !/[*+}]\)*$/.test(text) : ends && !/^\(*[.[]/.test(text)
    return cut
      ? finding(
          'FALCO_REGEX_WHOLE',
          `the regular expression \`${text}\` must match the whole text, not a part of it`,
          place,
          'write `.*` where anything may stand; `^` and `$` are not needed',
        )
      : []
  })
}

const pmatchGlobs: Check = (comparison) => {
  const { check, literals } = comparison
  if (check.operator !== 'pmatch') return undefined
  if (literals.filter(({ text }) => /[*?[]/.test(text)).length < 2) return undefined
  return finding(
    'FALCO_PMATCH_GLOBS',
    'with several patterns that hold wildcards, what `pmatch` finds in Falco depends on their order in memory',
    placeOf(comparison),
    'write one `glob` for each pattern, joined by `or`',
  )
}

const CHECKS: readonly Check[] = [
  impossibleValue,
  emptyCompared,
  missingNotEqual,
  listEvery,
  listTransformed,
  textOrder,
  literalGlob,
  regexWhole,
  pmatchGlobs,
]
