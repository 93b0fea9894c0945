import type { Json } from '../residual.ts'
import type { Run } from './run.ts'
import type { Body, Expression, Term } from './syntax.ts'
import { lookUp, type Value, type Variables } from './value.ts'

/** A value in words that look like Rego; variables are gone, and `[_]` is any element. */
export function valueText(run: Run, value: Value): string {
  const list = (values: readonly Value[]): string =>
    values.map((item) => valueText(run, item)).join(', ')
  switch (value.kind) {
    case 'constant':
      return jsonText(value.value)
    case 'path':
      return run.pathText(value.path)
    case 'text':
      return `concat("", [${list(value.parts)}])`
    case 'template':
      return `a text of ${list(value.parts)}`
    case 'array':
      return `[${list(value.items)}]`
    case 'set':
      return value.items.length === 0 ? 'set()' : `{${list(value.items)}}`
    case 'object':
      return `{${[...value.members].map(([name, item]) => `${jsonText(name)}: ${valueText(run, item)}`).join(', ')}}`
    case 'comprehension':
      return termText(run, value.comprehension, value.variables)
    case 'rules':
      return ['data', ...value.group.names].join('.')
    case 'sets': {
      const sign = OPERATORS[value.operator]
      return `${valueText(run, value.left)} ${sign} ${valueText(run, value.right)}`
    }
    case 'call':
      return callText(
        value.name,
        value.args.map((arg) => [valueText(run, arg), arg.kind === 'call' ? arg.name : '']),
      )
    case 'unknown':
      return value.text
  }
}

function jsonText(value: Json): string {
  return JSON.stringify(value)
}

/** A statement as it remained, with what its variables stand for. */
export function statementText(run: Run, statement: Expression, variables: Variables): string {
  const term = (one: Term): string => termText(run, one, variables)
  const argument = (one: Term): Argument => [term(one), operatorIn(one)]
  const inner = (body: Body): string => bodyText(run, body, variables)
  switch (statement.kind) {
    case 'term':
      return term(statement.term)
    case 'equal':
      return `${term(statement.left)} = ${term(statement.right)}`
    case 'call':
      return callText(operatorText(statement.operator), statement.args.map(argument))
    case 'not':
      return `not ${inner(statement.body)}`
    case 'and':
    case 'or':
      return `${inner(statement.left)} ${statement.kind} ${inner(statement.right)}`
    case 'every':
      return `every ${term(statement.value)} in ${term(statement.domain)} {${inner(statement.body)}}`
    case 'with':
      return `${statementText(run, statement.inner, variables)} with other values`
    default:
      return 'a statement'
  }
}

function bodyText(run: Run, body: Body, variables: Variables): string {
  return body.map((statement) => statementText(run, statement, variables)).join('; ')
}

export function termText(run: Run, term: Term, variables: Variables): string {
  const text = (one: Term): string => termText(run, one, variables)
  switch (term.kind) {
    case 'constant':
      return jsonText(term.value)
    case 'var': {
      const value = lookUp(variables, term.name)
      return value ? valueText(run, value) : plainName(term.name)
    }
    case 'ref':
      return text(term.head) + term.steps.map((step) => stepText(step, text)).join('')
    case 'array':
      return `[${term.items.map(text).join(', ')}]`
    case 'set':
      return `{${term.items.map(text).join(', ')}}`
    case 'object':
      return `{${term.members.map(([key, value]) => `${text(key)}: ${text(value)}`).join(', ')}}`
    case 'call':
      return callText(
        operatorText(term.operator),
        term.args.map((arg) => [text(arg), operatorIn(arg)]),
      )
    case 'comprehension': {
      const key = term.key ? `${text(term.key)}: ` : ''
      const all = `${key}${text(term.term)} | ${bodyText(run, term.body, variables)}`
      return term.of === 'array' ? `[${all}]` : `{${all}}`
    }
    case 'inexact':
      return term.text
    default:
      return '…'
  }
}

function stepText(step: Term, text: (term: Term) => string): string {
  if (step.kind !== 'constant' || typeof step.value !== 'string') return `[${text(step)}]`
  if (step.value === '$partial') return ''
  return /^[A-Za-z_]\w*$/.test(step.value) ? `.${step.value}` : `[${jsonText(step.value)}]`
}

/** Builtins that are written as operators between their operands. */
const OPERATORS: Readonly<Record<string, string>> = {
  plus: '+',
  minus: '-',
  mul: '*',
  div: '/',
  rem: '%',
  and: '&',
  or: '|',
  equal: '==',
  neq: '!=',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
}

/** An argument's text, and the operator of the call that it is. */
type Argument = readonly [text: string, operator: string]

function callText(operator: string, args: readonly Argument[]): string {
  const sign = args.length === 2 ? OPERATORS[operator] : undefined
  if (sign === undefined) return `${operator}(${args.map(([text]) => text).join(', ')})`
  return args.map(([text, inner]) => (inner in OPERATORS ? `(${text})` : text)).join(` ${sign} `)
}

function operatorIn(term: Term): string {
  return term.kind === 'call' ? operatorText(term.operator) : ''
}

function operatorText(operator: readonly string[]): string {
  return operator.filter((name) => name !== '$partial').join('.')
}

/** The compiler's own variables have names that say nothing. */
function plainName(name: string): string {
  return /^[A-Za-z]\w*$/.test(name) && !name.startsWith('__') ? name : '_'
}
