/** `exceptions` of a rule: reading, checking, and the condition that they become. */
import { isYamlNull, yamlGet, type YamlNode } from '../../text/yaml.ts'
import { operators, symbolOperators, wordOperators } from '../condition/ast.ts'
import { ConditionError } from '../condition/error.ts'
import { parseCondition } from '../condition/parser.ts'
import { compileCheck } from '../eval/check.ts'
import { FieldSlots } from '../eval/store.ts'
import { isProblem, resolveField } from '../fields/resolve.ts'
import { invalid, type Item, requiredScalar } from './decode.ts'
import { LoadError, placeOf } from './diagnose.ts'
import type { Entry, ExceptionDefinition } from './model.ts'
import { Traced } from './traced.ts'

/**
 * The exceptions of an item. `fields` may be absent where they are appended.
 *
 * @param warn is told of each name that comes a second time, and of those without values.
 */
export function readExceptions(
  item: Item,
  appending: boolean,
  warn: (kind: 'twice' | 'no values', name: string, node: YamlNode) => void,
): ExceptionDefinition[] {
  const list = yamlGet(item.node, 'exceptions')
  if (!list || isYamlNull(list)) return []
  if (list.kind !== 'sequence') invalid(item, list, 'the value of `exceptions` must be a list')
  const exceptions: ExceptionDefinition[] = []
  for (const node of list.items) {
    if (node.kind !== 'mapping') invalid(item, node, 'an exception must be a mapping')
    const exception = readException({ ...item, node }, appending)
    if (exceptions.some(({ name }) => name === exception.name)) warn('twice', exception.name, node)
    if (appending && !yamlGet(node, 'values')) warn('no values', exception.name, node)
    exceptions.push(exception)
  }
  return exceptions
}

function readException(item: Item, fieldsOptional: boolean): ExceptionDefinition {
  const name = requiredScalar(item, 'name').text
  const fields = yamlGet(item.node, 'fields')
  if (!fields && !fieldsOptional) invalid(item, item.node, 'the key `fields` is missing')
  const comps = yamlGet(item.node, 'comps')
  const values = yamlGet(item.node, 'values')
  if (values && values.kind !== 'sequence') {
    invalid(item, values, 'the `values` of an exception must be a list')
  }
  return {
    name,
    fields: readEntry(item, fields),
    comps: readEntry(item, comps),
    values: values?.items.map((value) => readEntry(item, value)) ?? [],
    place: placeOf(item.document, item.node),
  }
}

function readEntry(item: Item, node: YamlNode | undefined): Entry {
  if (node?.kind === 'sequence') {
    return { kind: 'list', items: node.items.map((each) => readEntry(item, each)) }
  }
  if (node?.kind !== 'scalar' || isYamlNull(node)) return { kind: 'none' }
  if (node.text === '') invalid(item, node, 'a text in an exception must not be empty')
  return { kind: 'text', text: Traced.of({ document: item.document, node }) }
}

/** False for nothing and for empty lists: such an entry counts as not written. */
export function isGiven(entry: Entry): boolean {
  return entry.kind === 'text' || (entry.kind === 'list' && entry.items.length > 0)
}

function textOf(entry: Entry): string {
  return entry.kind === 'text' ? entry.text.text : ''
}

function fail(exception: ExceptionDefinition, message: string, help?: string): never {
  throw new LoadError('LOAD_ERR_VALIDATE', message, exception.place, help)
}

/**
 * Fills in the default of `comps`, and checks fields, comparisons and their number.
 *
 * @param checkFields false for rules whose fields are not known here.
 * @throws LoadError `LOAD_ERR_VALIDATE`
 */
export function checkException(exception: ExceptionDefinition, checkFields: boolean): void {
  const { fields } = exception
  if (fields.kind === 'list') checkRows(exception, fields.items)
  else checkScalar(exception)
  if (!checkFields) return
  for (const field of fields.kind === 'list' ? fields.items : [fields]) {
    const problem = fieldProblem(textOf(field))
    if (problem) fail(exception, problem.message, problem.help)
  }
}

function checkRows(exception: ExceptionDefinition, fields: readonly Entry[]): void {
  const { comps } = exception
  if (!isGiven(comps))
    exception.comps = { kind: 'list', items: fields.map(() => equals(exception)) }
  const items = exception.comps.kind === 'list' ? exception.comps.items : []
  if (items.length !== fields.length) {
    fail(
      exception,
      `the exception \`${exception.name}\` has ${fields.length} fields, but ${items.length} comps`,
      'write one comparison per field, or leave `comps` out',
    )
  }
  for (const comp of items) {
    const operator = normalized(textOf(comp))
    if (operators.some((known) => known === operator) || isModified(operator)) continue
    fail(exception, `\`${operator}\` is no operator`, `known are ${operators.join(', ')}`)
  }
}

function equals(exception: ExceptionDefinition): Entry {
  return { kind: 'text', text: standIn(exception, '=') }
}

/** Text that is not in the file, put down to the first field. */
function standIn({ fields }: ExceptionDefinition, text: string): Traced {
  const first = fields.kind === 'list' ? fields.items.find((each) => each.kind === 'text') : fields
  return first?.kind === 'text' ? first.text.standIn(text, 0) : Traced.unplaced(text)
}

function checkScalar(exception: ExceptionDefinition): void {
  if (!isGiven(exception.comps)) exception.comps = { kind: 'text', text: standIn(exception, 'in') }
  if (exception.comps.kind === 'list') {
    fail(
      exception,
      `the exception \`${exception.name}\` has one field, but a list of comps`,
      'write `fields` as a list too, or `comps` as a text',
    )
  }
  const operator = normalized(textOf(exception.comps))
  if (['in', 'pmatch', 'intersects'].includes(operator) || isModified(operator)) return
  fail(
    exception,
    `\`${operator}\` does not compare one field with a list`,
    'use `in`, `pmatch`, `intersects`, or an operator with a modifier such as `startswith anyof`',
  )
}

function normalized(operator: string): string {
  return operator.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
}

/** `startswith oneof` and its like, with exactly one blank. */
function isModified(operator: string): boolean {
  const match = /^(\S+) (?:oneof|anyof|allof)$/.exec(operator)
  return [...symbolOperators, ...wordOperators].some((known) => known === match?.[1])
}

function takesList(operator: string): boolean {
  return ['in', 'intersects', 'pmatch'].includes(operator) || isModified(operator)
}

function fieldProblem(text: string): { message: string; help?: string | undefined } | undefined {
  if (text.includes('(')) {
    try {
      const expr = parseCondition(`${text} exists`)
      if (expr.kind === 'check') compileCheck(expr, new FieldSlots())
      return undefined
    } catch (error) {
      if (!(error instanceof ConditionError)) throw error
      return error
    }
  }
  const bracket = text.indexOf('[')
  if (bracket < 0) return problemOf(resolveField({ name: text }))
  const arg = text.slice(bracket + 1).replace(/\]$/, '')
  return problemOf(resolveField({ name: text.slice(0, bracket), arg }))
}

function problemOf(field: ReturnType<typeof resolveField>): ReturnType<typeof fieldProblem> {
  return isProblem(field) ? field : undefined
}

/**
 * A rule's condition with its exceptions: `(condition) and not …` for each that has values.
 *
 * @throws LoadError `LOAD_ERR_VALIDATE`
 */
export function withExceptions(
  condition: Traced,
  exceptions: readonly ExceptionDefinition[],
): Traced {
  if (exceptions.length === 0) return condition
  const parts = [
    condition.standIn('(', 0),
    condition,
    condition.standIn(')', condition.text.length),
  ]
  for (const exception of exceptions) {
    const excepted = exception.fields.kind === 'list' ? rows(exception) : scalars(exception)
    if (excepted) parts.push(standIn(exception, ' and not '), excepted)
  }
  return Traced.join(...parts)
}

/** `(field comps (v1, v2))` */
function scalars(exception: ExceptionDefinition): Traced | undefined {
  const { fields, comps, values } = exception
  const put = (text: string): Traced => standIn(exception, text)
  const parts: Traced[] = []
  for (const value of values) {
    if (value.kind === 'list') {
      fail(
        exception,
        `the exception \`${exception.name}\` has one field, so its values must be texts`,
        'write the values as one flat list',
      )
    }
    parts.push(parts.length === 0 ? put('') : put(', '), quoted(value))
  }
  if (parts.length === 0) return undefined
  const head = [put('('), traced(fields), put(' '), trimmed(comps), put(' (')]
  return Traced.join(...head, ...parts, put('))'))
}

/** `((f1 c1 v1 and f2 c2 v2) or (…))` */
function rows(exception: ExceptionDefinition): Traced | undefined {
  const put = (text: string): Traced => standIn(exception, text)
  const parts = exception.values.flatMap((value, i) => [
    put(i === 0 ? '' : ' or '),
    row(exception, value),
  ])
  return parts.length === 0 ? undefined : Traced.join(put('('), ...parts, put(')'))
}

function row(exception: ExceptionDefinition, value: Entry): Traced {
  const { fields, comps, name } = exception
  const put = (text: string): Traced => standIn(exception, text)
  const columns = fields.kind === 'list' ? fields.items : []
  const operators = comps.kind === 'list' ? comps.items : []
  const cells = value.kind === 'list' ? value.items : []
  if (cells.length !== columns.length) {
    fail(
      exception,
      `the exception \`${name}\` has ${columns.length} fields, but a row of ${cells.length} values`,
      'write one value per field in each row',
    )
  }
  const parts: Traced[] = []
  for (const [i, field] of columns.entries()) {
    const operator = operators[i]
    if (!operator) {
      fail(
        exception,
        `the exception \`${name}\` has no \`comps\` for its fields`,
        'Falco fills them in except under `override: {exceptions: replace}`; write one per field',
      )
    }
    parts.push(put(i === 0 ? ' ' : ' and  '), traced(field), put(' '), trimmed(operator), put(' '))
    parts.push(cell(cells[i]!, normalized(textOf(operator)), put))
  }
  return Traced.join(put('('), ...parts, put(')'))
}

function cell(value: Entry, operator: string, put: (text: string) => Traced): Traced {
  if (value.kind === 'list') {
    const parts = value.items.flatMap((item, i) => [put(i === 0 ? '' : ', '), quoted(item)])
    return Traced.join(put('('), ...parts, put(')'))
  }
  if (!takesList(operator)) return quoted(value)
  return textOf(value).startsWith('(')
    ? traced(value)
    : Traced.join(put('('), traced(value), put(')'))
}

function traced(entry: Entry): Traced {
  return entry.kind === 'text' ? entry.text : Traced.unplaced('')
}

function trimmed(entry: Entry): Traced {
  const text = traced(entry)
  const trimmedText = normalized(text.text)
  const start = text.text.indexOf(trimmedText)
  return text.slice(start, start + trimmedText.length)
}

/** Falco quotes values that hold a blank and do not begin with a quote; nothing else. */
function quoted(entry: Entry): Traced {
  return quoteItem(traced(entry))
}

/** The same rule for the items of lists. */
export function quoteItem(item: Traced): Traced {
  const { text } = item
  if (!text.includes(' ') || text.startsWith('"') || text.startsWith("'")) return item
  return Traced.join(item.standIn('"', 0), item, item.standIn('"', text.length))
}
