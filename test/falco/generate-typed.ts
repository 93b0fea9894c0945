/** Conditions that load, over a few fields, and events that they often match. */
import * as fc from 'fast-check'
import type { ast } from '../../src/falco/index.ts'
import { combinationsOf, NOWHERE } from './generate.ts'

/** Few words, so that comparisons come out true about as often as false. */
const words = [
  'get',
  'GET',
  'create',
  'pods',
  'exec',
  'kube-system',
  'é',
  'a/b',
  '/a/b/c',
  '403',
  '',
  'g t',
]
const word = fc.constantFrom(...words)
const part = fc.constantFrom('g', 'e', '', 'pod', '4', 'E', '/a', 'é', 't', 'kube')
const globs = fc.constantFrom('*', 'g*', '?et', '*e*', '??', 'kube-*', '/a/*', 'POD?', '4?3')
const regexes = fc.constantFrom(
  '.*',
  'g.t',
  '(get|create)',
  '[a-z]+',
  'kube-.*',
  '.',
  '[^a]*',
  'x?',
  '4[0-9][0-9]',
)
const paths = fc.constantFrom('/a', 'a/b', '/', '/a/*', '*/b', 'get', '')

const textField = fc.constantFrom<[string, string?]>(
  ['ka.verb'],
  ['ka.stage'],
  ['ka.uri'],
  ['ka.user.name'],
  ['ka.impuser.name'],
  ['ka.target.resource'],
  ['ka.target.subresource'],
  ['ka.target.namespace'],
  ['ka.target.name'],
  ['ka.response.code'],
  ['ka.req.pod.host_network'],
  ['ka.req.binding.role'],
  ['jevt.value', '/verb'],
  ['jevt.value', '/objectRef/name'],
  ['jevt.value', '/objectRef'],
  ['jevt.value', '/user/groups'],
)
const listField = fc.constantFrom<[string, string?]>(
  ['ka.user.groups'],
  ['ka.req.role.rules.verbs'],
  ['ka.req.role.rules.verbs', '0'],
  ['ka.req.pod.containers.image'],
  ['ka.req.pod.containers.image', '1'],
  ['ka.req.pod.containers.privileged'],
)

function field([name, arg]: readonly [string, string?]): ast.FieldExpr {
  return { kind: 'field', name, ...(arg === undefined ? {} : { arg }), ...NOWHERE }
}

function transform(name: string, ...args: ast.Operand[]): ast.TransformExpr {
  return { kind: 'transform', name, args, ...NOWHERE }
}

function value(text: string): ast.ValueExpr {
  return { kind: 'value', text, ...NOWHERE }
}

const plainText = textField.map(field)
const plainList = listField.map(field)
const textLeft: fc.Arbitrary<ast.Left> = fc.oneof(
  { weight: 4, arbitrary: plainText },
  fc
    .tuple(fc.constantFrom('tolower', 'toupper', 'basename'), plainText)
    .map(([name, inner]) => transform(name, inner)),
  fc.tuple(plainText, word).map(([inner, text]) => transform('concat', inner, value(text))),
  fc.tuple(word, plainList).map(([text, list]) => transform('join', value(text), list)),
  fc
    .tuple(word, plainText, word)
    .map(([text, inner, other]) =>
      transform('join', value(text), { kind: 'list', items: [inner, value(other)], ...NOWHERE }),
    ),
)
const listLeft: fc.Arbitrary<ast.Left> = fc.oneof(
  { weight: 3, arbitrary: plainList },
  plainList.map((list) => transform('tolower', list)),
)
const length = fc.oneof(plainText, plainList).map((inner) => transform('len', inner))

function check(parts: Omit<ast.CheckExpr, 'kind' | 'at' | 'end'>): ast.CheckExpr {
  return { kind: 'check', ...parts, ...NOWHERE }
}

function values(each: readonly string[]): ast.ValuesExpr {
  return { kind: 'values', values: each, ...NOWHERE }
}

const wordOperator = fc.constantFrom<ast.TextOperator>('=', '==', '!=')
const partOperator = fc.constantFrom<ast.TextOperator>(
  'contains',
  'icontains',
  'startswith',
  'endswith',
)
const modifier = fc.constantFrom<ast.Modifier>('oneof', 'anyof', 'allof')
const order = fc.constantFrom<ast.NumberOperator>('<', '<=', '>', '>=')
const member = fc.constantFrom<ast.ListOperator>('in', 'intersects')
const few = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { maxLength: 3 })

/** An operator, and texts that make sense with it. */
const pattern = fc.oneof(
  fc.record({ operator: wordOperator, texts: few(word) }),
  fc.record({ operator: partOperator, texts: few(part) }),
  fc.record({ operator: fc.constantFrom<ast.TextOperator>('glob', 'iglob'), texts: few(globs) }),
  fc.record({ operator: fc.constant<ast.TextOperator>('regex'), texts: few(regexes) }),
)

const anyCheck: fc.Arbitrary<ast.CheckExpr> = fc.oneof(
  fc.oneof(textLeft, listLeft, length).map((left) => check({ left, operator: 'exists' })),
  fc
    .tuple(textLeft, pattern, word)
    .map(([left, { operator, texts }, other]) =>
      check({ left, operator, right: value(texts[0] ?? (operator === 'regex' ? 'x' : other)) }),
    ),
  fc
    .tuple(textLeft, pattern, modifier)
    .map(([left, { operator, texts }, how]) =>
      check({ left, operator, modifier: how, right: values(texts) }),
    ),
  fc
    .tuple(textLeft, member, few(word))
    .map(([left, operator, texts]) => check({ left, operator, right: values(texts) })),
  fc
    .tuple(textLeft, few(paths))
    .map(([left, texts]) => check({ left, operator: 'pmatch', right: values(texts) })),
  fc
    .tuple(textLeft, order, fc.constantFrom('4', '300', '0'))
    .map(([left, operator, text]) => check({ left, operator, right: value(text) })),
  fc
    .tuple(
      textLeft,
      fc.oneof(wordOperator, partOperator, order, member),
      plainText,
      fc.constantFrom('val', 'tolower'),
    )
    .map(([left, operator, inner, name]) =>
      check({ left, operator, right: transform(name, inner) }),
    ),
  fc
    .tuple(listLeft, member, few(word))
    .map(([left, operator, texts]) => check({ left, operator, right: values(texts) })),
  fc
    .tuple(plainList, member, plainList)
    .map(([left, operator, inner]) => check({ left, operator, right: transform('val', inner) })),
  fc
    .tuple(length, fc.oneof(order, wordOperator), fc.integer({ min: 0, max: 6 }))
    .map(([left, operator, number]) => check({ left, operator, right: value(String(number)) })),
)

export const loadableCondition: fc.Arbitrary<ast.Expr> = combinationsOf(anyCheck)

/** Anything that may stand where a text is expected. */
const odd = fc.oneof(
  { weight: 6, arbitrary: word },
  fc.constantFrom(null, true, 403, 5, ['get'], { a: 'get', b: 1 }),
)
const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(of, { nil: undefined, freq: 4 })

const container = fc.record(
  {
    image: word,
    securityContext: fc.record({ privileged: fc.boolean() }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
)

/** An audit event; `undefined` members are left out by JSON.stringify. */
export const auditEvent: fc.Arbitrary<object> = fc.record({
  kind: fc.constant('Event'),
  auditID: fc.option(fc.constant('id'), { nil: undefined, freq: 10 }),
  stageTimestamp: fc.constant('2026-11-24T10:00:00.000000Z'),
  stage: maybe(odd),
  verb: maybe(odd),
  requestURI: maybe(odd),
  user: maybe(
    fc.record(
      { username: odd, groups: fc.oneof(fc.array(word, { maxLength: 3 }), odd) },
      { requiredKeys: [] },
    ),
  ),
  impersonatedUser: maybe(fc.record({ username: odd })),
  objectRef: maybe(
    fc.oneof(
      fc.record(
        { resource: odd, subresource: odd, namespace: odd, name: odd },
        { requiredKeys: [] },
      ),
      odd,
    ),
  ),
  responseStatus: maybe(fc.record({ code: fc.constantFrom(200, 403, 5) })),
  requestObject: maybe(
    fc.oneof(
      fc
        .record(
          { hostNetwork: fc.boolean(), containers: fc.array(container, { maxLength: 3 }) },
          { requiredKeys: [] },
        )
        .map((spec) => ({ spec })),
      fc.record({ roleRef: fc.record({ name: odd }) }),
      fc
        .array(fc.record({ verbs: fc.array(word, { maxLength: 2 }) }, { requiredKeys: [] }), {
          maxLength: 3,
        })
        .map((rules) => ({ rules })),
    ),
  ),
})
