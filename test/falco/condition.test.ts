import { describe, expect, test } from 'vitest'
import { type ast, ConditionError, parseCondition, printCondition } from '../../src/falco/index.ts'
import { LineIndex } from '../../src/text/document.ts'
import { withoutPlaces } from './generate.ts'

describe('printing', () => {
  test.each<[text: string, printed: string]>([
    ['ka.verb=create', 'ka.verb = create'],
    ['ka.verb==create', 'ka.verb == create'],
    ['  ka.verb\n\t!= create ', 'ka.verb != create'],
    ['a and(b)and not c', 'a and b and not c'],
    ['a or(b)or c', 'a or b or c'],
    ['((a))', 'a'],
    ['(a or b) and c', '(a or b) and c'],
    ['a or (b and c)', 'a or b and c'],
    ['(a or b) or c', '(a or b) or c'],
    ['(a and b) and c', '(a and b) and c'],
    ['not not not a', 'not a'],
    ['not not a', 'a'],
    ['not (not a)', 'not (not a)'],
    ['not(a and b)', 'not (a and b)'],
    ['ka.verb in(get,"a b" , \'c,d\')', 'ka.verb in (get, "a b", "c,d")'],
    ['ka.verb in ( )', 'ka.verb in ()'],
    ['ka.verb in name', 'ka.verb in name'],
    ['ka.verb = anyof (a,b)', 'ka.verb = anyof (a, b)'],
    ['ka.verb =anyof', 'ka.verb = "anyof"'],
    ['ka.verb startswith oneof name', 'ka.verb startswith oneof name'],
    ['ka.verb = a\\', 'ka.verb = a\\'],
    ['ka.verb = "a b\\ "', 'ka.verb = "a b\\ "'],
    ['ka.verb = \'say "hi"\'', 'ka.verb = \'say "hi"\''],
    ['ka.verb = ""', 'ka.verb = ""'],
    ['ka.uri.param["a"]=1', 'ka.uri.param[a] = 1'],
    ['ka.uri.param["a b"]=1', 'ka.uri.param["a b"] = 1'],
    ['test.str[""] exists', 'test.str[""] exists'],
    ['tolower( ka.verb )=val( ka.uri )', 'tolower(ka.verb) = val(ka.uri)'],
    ['join("-",(ka.verb,"a",12))=x', 'join("-", (ka.verb, "a", 12)) = x'],
    ['getopt(ka.user.groups,"n:")[n]=x', 'getopt(ka.user.groups, "n:")[n] = x'],
    ['len(ka.verb) >= +5', 'len(ka.verb) >= +5'],
    ['ka.verb in ("\\x")', 'ka.verb in ()'],
  ])('%j', (text, printed) => {
    const expr = parseCondition(text)
    expect(printCondition(expr)).toBe(printed)
    expect(withoutPlaces(parseCondition(printed))).toEqual(withoutPlaces(expr))
  })
})

describe('errors', () => {
  const OPERATORS =
    '`exists`, `<=`, `<`, `>=`, `>`, `==`, `=`, `!=`, `glob`, `iglob`, `contains`, `icontains`, `bcontains`, `startswith`, `bstartswith`, `endswith`, `regex`, `intersects`, `in`, `pmatch`'

  test.each<[text: string, error: string]>([
    ['', '1:1 expected a condition, but found nothing'],
    ['ka.verb', `1:8 expected an operator: ${OPERATORS}`],
    ['ka.verb like x', `1:9 expected an operator: ${OPERATORS}`],
    ['ka.verb =', '1:10 expected a value, or a field in `val(…)` or a transformer, after `=`'],
    ['ka.verb = "x', '1:11 expected a value, or a field in `val(…)` or a transformer, after `=`'],
    [
      'ka.response.code > abc',
      '1:20 expected a number, or a field in `val(…)` or a transformer, after `>`',
    ],
    [
      'ka.verb in',
      '1:11 expected a list in parentheses, or a field in `val(…)` or a transformer, after `in`',
    ],
    ['ka.verb in (a,)', '1:15 expected a value after `,`'],
    ['ka.verb in (a b)', '1:15 expected `,` or `)` in the list'],
    ['ka.verb = anyof (', '1:18 expected `,` or `)` in the list'],
    [
      'ka.uri.param[] = x',
      '1:14 expected an argument after `[`: a quoted string, or one without blanks, quotes and brackets',
    ],
    ['ka.uri.param[a = x', '1:15 expected `]` after the argument'],
    ['a and', '1:6 expected a blank or `(` after `and`'],
    ['a or\tnot b c', '1:12 expected `and`, `or` or the end after `b`'],
    ['a AND b', '1:3 expected `and`, `or` or the end after `a`'],
    ['a or (b', '1:8 expected `)`'],
    ['a or(b) and c', '1:9 expected `and`, `or` or the end after `)`'],
    ['a)', '1:2 expected `and`, `or` or the end after `a`'],
    ['a and\n  ka.verb ~ x', `2:11 expected an operator: ${OPERATORS}`],
    ['=', '1:1 expected a field, a macro or `(`'],
    [
      'ka.verb = "\\q"',
      '1:12 expected one of the escapes \\b \\f \\n \\r \\t \\\\ \\/ \\", but found `\\q`',
    ],
    ['tolower(x) = y', '1:9 expected a field, a transformer, a quoted string, a number or a list'],
    [
      'tolower(val(ka.verb)) = y',
      '1:9 expected a field, a transformer, a quoted string, a number or a list',
    ],
    ['tolower(ka.verb = y', '1:17 expected `,` or `)` in `tolower(…)`'],
    ['ka.verb = val(x)', '1:15 expected a field in `val(…)`'],
    ['join("-", (,)) = x', '1:12 expected a field, a transformer, a quoted string or a number'],
  ])('%j', (text, error) => {
    let thrown: unknown
    try {
      parseCondition(text)
    } catch (caught) {
      thrown = caught
    }
    expect(thrown).toBeInstanceOf(ConditionError)
    const { message, at } = thrown as ConditionError
    const { line, column } = new LineIndex(text).at(at)
    expect(`${line}:${column} ${message}`).toBe(error)
  })

  test.each<[text: string, help: RegExp]>([
    ['a AND b', /lower case/],
    ['a && b', /as words/],
    ['a # b', /no comments/],
    ['ka.verb = a(b)', /quote values/],
    ['ka.verb = "x', /never closed/],
    ['ka.verb = "a b\\\\"', /behind a backslash/],
    ['ka.verb = (a, b)', /lists go with/],
    ['ka.verb iin (a)', /tolower/],
    ['ka.verb > "5"', /without quotes/],
    ['tolower(val(ka.verb)) = y', /right side/],
  ])('%j helps', (text, help) => {
    expect(() => parseCondition(text)).toThrow(
      expect.objectContaining({ help: expect.stringMatching(help) }),
    )
  })
})

describe('bounds', () => {
  test('parentheses cost nothing', () => {
    const text = `${'('.repeat(100_000)}a${')'.repeat(100_000)}`
    expect(parseCondition(text)).toMatchObject({ kind: 'identifier', name: 'a' })
  })

  test.each<[note: string, text: string]>([
    ['negations', `${'not ('.repeat(5000)}a${')'.repeat(5000)}`],
    ['conjunctions', `${'(a and '.repeat(5000)}a${')'.repeat(5000)}`],
    ['transformers', `${'b64('.repeat(5000)}a.b${')'.repeat(5000)} exists`],
  ])('%s nest as deep as whoever walks them can go', (_, text) => {
    expect(() => parseCondition(text)).toThrow(/at most [0-9]+ (?:levels|nested)/)
  })

  test('a list of 200,000 values is read in linear time', () => {
    const values = Array.from({ length: 200_000 }, (_, i) => `value${i}`).join(', ')
    const started = performance.now()
    const check = parseCondition(`ka.verb in (${values})`) as ast.CheckExpr
    expect(check.right).toMatchObject({ kind: 'values' })
    expect(performance.now() - started).toBeLessThan(5000)
  })

  test('a chain of 100,000 alternatives is one node', () => {
    const text = Array.from({ length: 100_000 }, () => 'ka.verb = x').join(' or ')
    expect(printCondition(parseCondition(text))).toBe(text)
  })
})
