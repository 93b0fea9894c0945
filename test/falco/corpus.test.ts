/**
 * Upstream's own cases, read in place. Their fields are those of other sources; here each field
 * becomes a JSON pointer into a made-up event, which is text as theirs is.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  type ast,
  loadRules,
  parseCondition,
  printCondition,
  Ruleset,
} from '../../src/falco/index.ts'
import { LineIndex } from '../../src/text/document.ts'
import { root } from '../support/cli.ts'
import { withoutPlaces } from './generate.ts'

const folder = path.resolve(root, '../shared/corpus')
const absent = !existsSync(folder)
if (absent) process.stdout.write(`skipped: there is no ${folder}\n`)

function read<T>(name: string): readonly T[] {
  return absent ? [] : (JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as readonly T[])
}

interface ParserCase {
  readonly expr: string
  readonly valid: boolean
  readonly node_positions?: string
  readonly normalized?: string
}

const parserCases = read<ParserCase>('falco-filter-parser-cases.json')

describe.skipIf(absent)('parser', () => {
  test.each(parserCases.map((each) => [each.valid, each.expr, each] as const))(
    'valid: %s %j',
    (valid, text, { normalized, node_positions }) => {
      let expr: ast.Expr | undefined
      try {
        expr = parseCondition(text)
      } catch {
        // Judged below.
      }
      expect(expr !== undefined).toBe(valid)
      if (!expr) return
      const printed = printCondition(expr)
      expect(withoutPlaces(parseCondition(printed))).toEqual(withoutPlaces(expr))
      if (normalized !== undefined) expect(printed).toBe(normalized)
      if (node_positions !== undefined) expect(positions(expr, text)).toBe(node_positions)
    },
  )
})

/** Upstream's notation: each node's kind, offset, line and column, parents first. */
function positions(expr: ast.Expr, text: string): string {
  const lines = new LineIndex(text)
  const shown = (kind: string, at: number): string => {
    const { line, column } = lines.at(at)
    return `${kind}${at} ${line} ${column}`
  }
  const operand = (node: ast.Operand | ast.Right): string => {
    if (node.kind === 'transform') {
      // `val` is written there like any other.
      return shown('transformer', node.at) + node.args.map(operand).join('')
    }
    return shown(node.kind === 'values' ? 'list' : node.kind, node.at)
  }
  const visit = (node: ast.Expr): string => {
    switch (node.kind) {
      case 'check': {
        const kind = node.right ? 'binary' : 'unary'
        return shown(kind, node.at) + operand(node.left) + (node.right ? operand(node.right) : '')
      }
      case 'not':
        return shown('not', node.at) + visit(node.child)
      case 'identifier':
        return shown('identifier', node.at)
      default:
        return shown(node.kind, node.at) + node.children.map(visit).join('')
    }
  }
  return visit(expr)
}

interface EvalCase {
  readonly expr: string
  readonly kind: 'eval' | 'compile'
  readonly result?: boolean
  readonly ok?: boolean
  readonly fields?: Readonly<Record<string, unknown>> | null
}

/** Fields of other sources that are not text, so that their comparisons are other ones. */
const OTHER_TYPES =
  /\b(?:fd\.(?:[cslr]?ip|[cslr]?net|num|types)|evt\.(?:cpu|rawres|rawarg|buffer|args?\.data))\b/

/** Why a case says nothing about events of this source; undefined where it does. */
function inapplicable({ expr, kind, fields }: EvalCase): string | undefined {
  if (/\\x[0-9a-fA-F]{2}/.test(expr)) return 'escapes `\\xHH`, which came after Falco 0.44'
  if (OTHER_TYPES.test(expr) && kind === 'eval')
    return 'fields of types that this source does not have'
  const names = fieldNames(expr)
  if (
    kind === 'eval' &&
    names.some((name) => typeof fields?.[name] !== 'string' && name !== 'evt.num')
  ) {
    return 'values of fields that the case does not give'
  }
  return undefined
}

function fieldNames(text: string): string[] {
  const names: string[] = []
  rewrite(text, (field) => {
    names.push(field.name)
    return field
  })
  return names
}

/** Maps the fields of a condition; what does not parse stays as it is. */
function rewrite(text: string, map: (field: ast.FieldExpr) => ast.FieldExpr): string {
  let expr: ast.Expr
  try {
    expr = parseCondition(text)
  } catch {
    return text
  }
  const operand = <T extends ast.Operand | ast.Right>(node: T): T => {
    if (node.kind === 'field') return map(node) as T
    if (node.kind === 'transform') return { ...node, args: node.args.map(operand) }
    return node.kind === 'list' ? { ...node, items: node.items.map(operand) } : node
  }
  const visit = (node: ast.Expr): ast.Expr => {
    if (node.kind === 'check') {
      const right = node.right && operand(node.right)
      return { ...node, left: operand(node.left), ...(right ? { right } : {}) }
    }
    if (node.kind === 'not') return { ...node, child: visit(node.child) }
    return node.kind === 'identifier' ? node : { ...node, children: node.children.map(visit) }
  }
  return printCondition(visit(expr))
}

/** The field's counterpart in the made-up event. */
function counterpart(field: ast.FieldExpr): ast.FieldExpr {
  if (field.name === 'evt.num') return field
  if (field.name === 'fd.types') return { ...field, name: 'ka.user.groups' }
  if (field.name === 'evt.rawres') return { ...field, name: 'evt.num' }
  return { ...field, name: 'jevt.value', arg: `/${field.name}` }
}

const evalCases = read<EvalCase>('falco-filter-eval-cases.json')

describe.skipIf(absent)('evaluation', () => {
  const reasons = new Map<string, string[]>()
  for (const each of evalCases) {
    const reason = inapplicable(each)
    if (reason) reasons.set(reason, [...(reasons.get(reason) ?? []), each.expr])
  }
  afterAll(() => {
    for (const [reason, exprs] of reasons) {
      process.stdout.write(`not applicable, ${exprs.length}: ${reason}\n  ${exprs.join('\n  ')}\n`)
    }
  })

  const applicable = evalCases.filter((each) => !inapplicable(each))
  test.each(applicable.map((each) => [each.kind, each.expr, each] as const))(
    '%s %j',
    (kind, text, { fields, result, ok }) => {
      const condition = rewrite(text, counterpart)
      const { compilation } = loadRules([{ file: 'r.yaml', text: ruleOf(condition) }])
      if (kind === 'compile') {
        expect(compilation !== undefined).toBe(ok)
        return
      }
      const event = {
        kind: 'Event',
        auditID: 'a',
        stageTimestamp: '2026-01-01T00:00:00Z',
        ...fields,
      }
      const matches = new Ruleset(compilation!).evaluate(Buffer.from(JSON.stringify(event)))
      expect(matches.length > 0).toBe(result)
    },
  )

  test('most cases apply', () => {
    expect(applicable.length).toBeGreaterThanOrEqual(184)
  })
})

function ruleOf(condition: string): string {
  return `- rule: r\n  desc: d\n  condition: ${JSON.stringify(condition)}\n  output: o\n  priority: INFO\n  source: k8s_audit\n`
}

interface ListCase {
  readonly test: string
  readonly rhs_field?: string
  readonly result: boolean | 'error'
}

/** Upstream's cases call its classes; these are the same comparisons in the language. */
const listConditions: Readonly<Record<string, string>> = {
  single_value_CO_EQ_rhs_filter_value: 'jevt.value[/charbuf] = val(jevt.value[/base64])',
  single_value_CO_EQ_rhs_filter_list: 'jevt.value[/charbuf] = val(ka.user.groups)',
  single_value_CO_IN_list: 'jevt.value[/charbuf] in (charbuf, not-charbuf)',
  list_CO_IN_rhs_filter_list: 'ka.user.groups in val(ka.user.groups)',
  list_CO_INTERSECTS_value: 'ka.user.groups intersects (value1)',
  simple_compare_with_transformers: 'toupper(jevt.value[/charbuf]) = CHARBUF',
  toupper_plus_tolower: 'tolower(toupper(jevt.value[/charbuf])) = charbuf',
  base64: 'b64(jevt.value[/base64]) = charbuf',
  reflect_base64: 'b64(jevt.value[/base64]) = b64(jevt.value[/base64])',
}

/** Those that the language cannot say, or that are about other fields. */
const listReasons: Readonly<Record<string, string>> = {
  more_than_one_rhs_filter: 'two right sides, which the language cannot write',
  single_value_CO_EQ_list: '`=` with two constants, which the language cannot write',
  check_some_fd_fields: 'addresses, which this source does not have',
  filter_with_not_supported_transformer:
    'a field without transformers, which this source does not have',
}

describe.skipIf(absent)('lists against scalars', () => {
  const event = Buffer.from(
    JSON.stringify({
      kind: 'Event',
      auditID: 'a',
      stageTimestamp: '2026-01-01T00:00:00Z',
      charbuf: 'charbuf',
      base64: 'Y2hhcmJ1Zg==',
      user: { groups: ['value1', 'charbuf'] },
    }),
  )
  const named = read<ListCase>('falco-filter-list-cases.json').map((each) => ({
    name: each.test.split('.')[1]!,
    result: each.result,
  }))
  afterAll(() => {
    for (const { name } of named) {
      if (listReasons[name]) process.stdout.write(`not applicable: ${name}: ${listReasons[name]}\n`)
    }
  })

  test('every case is run or has a reason', () => {
    const known = { ...listConditions, ...listReasons }
    expect(named.filter(({ name }) => !(name in known))).toEqual([])
  })

  const run = named.filter(({ name }) => name in listConditions)
  test.each(run.map(({ name, result }) => [listConditions[name]!, result] as const))(
    '%s: %s',
    (condition, result) => {
      const { compilation } = loadRules([{ file: 'r.yaml', text: ruleOf(condition) }])
      const matches = compilation && new Ruleset(compilation).evaluate(event).length > 0
      expect(matches ?? 'error').toBe(result)
    },
  )
})
