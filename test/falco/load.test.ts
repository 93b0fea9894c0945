import { describe, expect, test } from 'vitest'
import { loadRules, printCondition, expand, Ruleset } from '../../src/falco/index.ts'
import { locate, renderDiagnostic } from '../../src/text/diagnostic.ts'

/** Diagnostics as `line:column code message`, those of several files with their names. */
function diagnose(...texts: readonly string[]): string[] {
  const documents = texts.map((text, i) => ({ file: `${i + 1}`, text }))
  return loadRules(documents).diagnostics.map((diagnostic) => {
    const { file, line, column, code, message } = locate(diagnostic, documents)
    const place = [...(texts.length > 1 ? [file] : []), line, column].join(':')
    return `${place} ${code} ${message}`
  })
}

/** A rule of k8s_audit with these keys over ordinary ones. */
function rule(keys: Readonly<Record<string, string>> = {}): string {
  const all = {
    rule: 'r',
    desc: 'd',
    condition: 'ka.verb=get',
    output: 'o',
    priority: 'INFO',
    source: 'k8s_audit',
    ...keys,
  }
  const lines = Object.entries(all).filter(([, value]) => value !== '')
  return `- ${lines.map(([key, value]) => `${key}: ${value}`).join('\n  ')}\n`
}

/** The rules' conditions as they would be evaluated. */
function conditions(...texts: readonly string[]): string[] {
  const { compilation, diagnostics } = loadRules(texts.map((text, i) => ({ file: `${i}`, text })))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return compilation!.rules.map(({ condition }) => printCondition(expand(condition)))
}

describe('places', () => {
  test.each<[note: string, text: string, wanted: string]>([
    [
      'plain',
      rule({ condition: 'ka.verb ~ get' }),
      '3:22 LOAD_ERR_COMPILE_CONDITION expected an operator',
    ],
    [
      'folded',
      rule({ condition: '>\n    ka.verb=get\n      and\n    ka.nope exists\n' }),
      '6:5 LOAD_ERR_COMPILE_CONDITION unknown field `ka.nope`',
    ],
    [
      'literal',
      rule({ condition: '|\n    ka.verb=get\n    and ka.verb >= x\n' }),
      '5:20 LOAD_ERR_COMPILE_CONDITION expected a number',
    ],
    [
      'quoted over lines',
      rule({ condition: '"ka.verb=get\n    and (ka.verb=\\"x\\"\n    or b"' }),
      '5:9 LOAD_ERR_COMPILE_CONDITION expected `)`',
    ],
    [
      'behind a list',
      `- list: verbs\n  items: [get, list]\n${rule({ condition: 'ka.verb in (verbs) and ka.nope=x' })}`,
      '5:37 LOAD_ERR_COMPILE_CONDITION unknown field `ka.nope`',
    ],
    [
      'inside of a list',
      `- list: verbs\n  items: [get list, "a)b"]\n${rule({ condition: 'ka.verb in (verbs) and x' })}`,
      '5:26 LOAD_ERR_COMPILE_CONDITION expected `and`, `or` or the end after `)`',
    ],
    [
      'inside of a macro',
      `- macro: m\n  condition: ka.verb=x or ka.nope=x\n${rule({ condition: 'm' })}`,
      '2:27 LOAD_ERR_COMPILE_CONDITION unknown field `ka.nope`',
    ],
    [
      'in what was appended',
      `${rule()}- rule: r\n  condition: and ka.nope=x\n  override:\n    condition: append\n`,
      '8:18 LOAD_ERR_COMPILE_CONDITION unknown field `ka.nope`',
    ],
    [
      'in an exception',
      rule({ exceptions: '\n  - name: e\n    fields: [ka.verb]\n    values:\n    - ["a(b"]' }),
      '11:10 LOAD_ERR_COMPILE_CONDITION expected `)`',
    ],
    [
      'output',
      rule({ output: 'verb=%ka.verb %nope' }),
      '4:25 LOAD_ERR_COMPILE_OUTPUT `%nope` begins no field',
    ],
    [
      'an unknown macro',
      rule({ condition: 'ka.verb=get and nope' }),
      '3:30 LOAD_ERR_VALIDATE the macro `nope` is not defined',
    ],
    [
      'broken YAML',
      '- rule: [',
      '1:11 LOAD_ERR_YAML_PARSE unexpected end of the stream within a flow collection',
    ],
    [
      'a regular expression',
      rule({ condition: 'ka.verb regex "a\\\\d"' }),
      '3:28 LOAD_ERR_COMPILE_CONDITION expected no escape `\\d`',
    ],
    [
      'a value',
      rule({ condition: `ka.verb=${'x'.repeat(256)}` }),
      '3:22 LOAD_ERR_COMPILE_CONDITION expected at most 255 bytes in a value, but found 256',
    ],
  ])('%s', (_, text, wanted) => {
    const errors = diagnose(text).filter((line) => line.includes(' LOAD_ERR_'))
    expect(errors).toHaveLength(1)
    expect(errors[0]!.slice(0, wanted.length)).toBe(wanted)
  })

  test('the whole of a diagnostic', () => {
    const document = {
      file: 'rules.yaml',
      text: rule({ condition: '>\n    ka.verb=get and\n    ka.targt.name=x\n' }),
    }
    const [diagnostic] = loadRules([document]).diagnostics
    expect(renderDiagnostic(locate(diagnostic!, [document]))).toBe(
      'rules.yaml:5:5: error: unknown field `ka.targt.name` [LOAD_ERR_COMPILE_CONDITION]\n  did you mean `ka.target.name`?',
    )
  })
})

describe('errors of the reader', () => {
  test.each<[text: string, wanted: string]>([
    ['text', '1:1 LOAD_ERR_YAML_VALIDATE a rules file must be a list of rules, macros and lists'],
    ['a: b', '1:1 LOAD_ERR_YAML_VALIDATE a rules file must be a list of rules, macros and lists'],
    ['- text', '1:3 LOAD_ERR_YAML_VALIDATE an item of a rules file must be a mapping'],
    [rule({ desc: '' }), '1:3 LOAD_ERR_YAML_VALIDATE the key `desc` is missing'],
    [rule({ desc: '~' }), '2:9 LOAD_ERR_YAML_VALIDATE the value of `desc` is empty'],
    [rule({ desc: '""' }), '2:9 LOAD_ERR_YAML_VALIDATE the value of `desc` must not be empty'],
    [rule({ desc: '[a]' }), '2:9 LOAD_ERR_YAML_VALIDATE the value of `desc` must be a text'],
    [rule({ priority: 'HIGH' }), '5:13 LOAD_ERR_YAML_VALIDATE `HIGH` is no priority'],
    [
      rule({ enabled: 'maybe' }),
      '7:12 LOAD_ERR_YAML_VALIDATE the value of `enabled` must be true or false',
    ],
    [rule({ tags: 'a' }), '7:9 LOAD_ERR_YAML_VALIDATE the value of `tags` must be a list'],
    [rule({ tags: '[[a]]' }), '7:10 LOAD_ERR_YAML_VALIDATE an element of `tags` must be a text'],
    [
      rule({ capture_duration: '-1' }),
      '7:21 LOAD_ERR_YAML_VALIDATE the value of `capture_duration` must be a whole number',
    ],
    [
      rule({ exceptions: 'a' }),
      '7:15 LOAD_ERR_YAML_VALIDATE the value of `exceptions` must be a list',
    ],
    [rule({ exceptions: '[a]' }), '7:16 LOAD_ERR_YAML_VALIDATE an exception must be a mapping'],
    [
      rule({ exceptions: '[{fields: a.b}]' }),
      '7:16 LOAD_ERR_YAML_VALIDATE the key `name` is missing',
    ],
    [
      rule({ exceptions: '[{name: e}]' }),
      '7:16 LOAD_ERR_YAML_VALIDATE the key `fields` is missing',
    ],
    [
      rule({ exceptions: '[{name: e, fields: []}]' }),
      '7:16 LOAD_ERR_VALIDATE the exception `e` has no fields',
    ],
    ['- list: l', '1:3 LOAD_ERR_YAML_VALIDATE the key `items` is missing'],
    ['- list: l\n  items: x', '2:10 LOAD_ERR_YAML_VALIDATE the value of `items` must be a list'],
    ['- macro: m', '1:3 LOAD_ERR_YAML_VALIDATE the key `condition` is missing'],
    ['- required_engine_version: x', '1:28 LOAD_ERR_YAML_VALIDATE `x` is no engine version'],
    [
      '- required_engine_version: 0x40',
      '1:28 LOAD_ERR_VALIDATE the rules need engine version 0.64.0, and this is 0.62.0',
    ],
    [
      '- required_plugin_versions: x',
      '1:29 LOAD_ERR_YAML_VALIDATE the value of `required_plugin_versions` must be a list',
    ],
    [
      '- required_plugin_versions: [{name: x, version: y}]',
      '1:30 LOAD_ERR_VALIDATE `y` is no version of `x`',
    ],
    [
      '- required_plugin_versions: [{name: x, version: 1.0.0}]',
      '1:30 LOAD_ERR_VALIDATE the rules need the plugin x 1.0.0, which is not there',
    ],
    [
      '- required_plugin_versions: [{name: json, version: 0.8.0}]',
      '1:30 LOAD_ERR_VALIDATE the rules need the plugin json 0.8.0, and this is 0.7.4',
    ],
    [
      '- list: l\n  items: [a]\n  append: true',
      '1:3 LOAD_ERR_VALIDATE the list `l` is changed, but not defined before',
    ],
    [
      '- rule: r\n  condition: x\n  override: {condition: append}',
      '1:3 LOAD_ERR_VALIDATE the rule `r` is changed, but not defined before',
    ],
    [
      '- rule: r\n  enabled: true',
      '1:3 LOAD_ERR_VALIDATE the rule `r` is changed, but not defined before',
    ],
    [
      `${rule()}- rule: r\n  priority: INFO\n  override: {priority: append}`,
      '9:24 LOAD_ERR_YAML_VALIDATE `priority` cannot be overridden by `append`',
    ],
    [
      `${rule()}- rule: r\n  override: {condition: append}`,
      '8:14 LOAD_ERR_YAML_VALIDATE `condition` is to be overridden, but has no value here',
    ],
    [
      `${rule()}- rule: r\n  override: [a]`,
      '8:13 LOAD_ERR_VALIDATE the value of `override` must be a mapping of keys to `append` or `replace`',
    ],
    [
      `${rule()}- rule: r\n  append: true`,
      '7:3 LOAD_ERR_VALIDATE nothing is appended to the rule `r`',
    ],
    [
      `${rule()}${rule({ source: 'syscall' })}`,
      '7:3 LOAD_ERR_VALIDATE the rule `r` has the source `k8s_audit`, and cannot be redefined with `syscall`',
    ],
  ])('%j', (text, wanted) => {
    const errors = diagnose(text).filter((line) => line.includes(' LOAD_ERR_'))
    expect(errors).toEqual([wanted])
  })

  test('all errors of a file are found, in order', () => {
    const text = rule({ priority: 'HIGH' }) + rule({ desc: '' }) + '- list: l\n'
    expect(diagnose(text).map((line) => line.split(' ')[0])).toEqual(['5:13', '7:3', '12:3'])
  })

  test('a file with errors is not compiled', () => {
    expect(diagnose(rule({ condition: '(' }) + rule({ desc: '' }))).toEqual([
      '7:3 LOAD_ERR_YAML_VALIDATE the key `desc` is missing',
    ])
  })
})

describe('warnings', () => {
  test.each<[text: string, wanted: string]>([
    [
      '- foo: 1',
      '1:3 LOAD_UNKNOWN_ITEM this item is neither a rule nor a macro nor a list; it is ignored',
    ],
    [rule({ foo: '1' }), '7:3 LOAD_UNKNOWN_KEY the key `foo` is not known here; it is ignored'],
    [
      rule({ source: 'nosuch' }),
      '1:3 LOAD_UNKNOWN_SOURCE the rule `r` has the source `nosuch`, which is not known; it is skipped',
    ],
    [
      rule({ condition: 'ka.nope=1', 'skip-if-unknown-filter': 'true' }),
      '3:14 LOAD_UNKNOWN_FILTER unknown field `ka.nope`; the rule `r` is skipped',
    ],
    [
      rule({ output: '"%ka.nope"', 'skip-if-unknown-filter': 'yes' }),
      '4:12 LOAD_UNKNOWN_FILTER `%ka.nope` begins no field; the rule `r` is skipped',
    ],
    [
      rule({ output: 'x %container.info' }),
      '1:3 LOAD_DEPRECATED_ITEM the output of `r` holds `%container.info`, which is deprecated and empty',
    ],
    ['- macro: m\n  condition: ka.verb=x', '1:3 LOAD_UNUSED_MACRO the macro `m` is used nowhere'],
    ['- list: l\n  items: []', '1:3 LOAD_UNUSED_LIST the list `l` is used nowhere'],
    [
      `${rule()}- rule: r\n  enabled: false`,
      '7:3 LOAD_DEPRECATED_ITEM a rule with only `enabled` is deprecated',
    ],
  ])('%j', (text, wanted) => {
    expect(diagnose(text)).toEqual([wanted])
  })

  test.each<[text: string, code: string]>([
    ['- list: "a b"\n  items: [x]', 'LOAD_INVALID_LIST_NAME'],
    ['- macro: "1"\n  condition: a.b exists', 'LOAD_INVALID_MACRO_NAME'],
    [
      rule({ exceptions: '[{name: e, fields: ka.verb}, {name: e, fields: ka.verb}]' }),
      'LOAD_EXCEPTION_NAME_NOT_UNIQUE',
    ],
    [
      `${rule()}- rule: r\n  append: true\n  exceptions: [{name: e, fields: ka.verb, values: [x]}]`,
      'LOAD_DEPRECATED_ITEM',
    ],
  ])('%j has the code %s', (text, code) => {
    expect(diagnose(text).map((line) => line.split(' ')[1])).toContain(code)
  })
})

describe('lists', () => {
  const inList = (lists: string, condition = 'ka.verb in (l)'): string[] =>
    conditions(lists + rule({ condition: JSON.stringify(condition) }))

  test.each<[note: string, lists: string, condition: string, wanted: string]>([
    ['items', '- list: l\n  items: [a, b]\n', 'ka.verb in (l)', 'ka.verb in (a, b)'],
    [
      'the spelling of numbers and truths',
      '- list: l\n  items: [0x10, 1.50, yes]\n',
      'ka.verb in (l)',
      'ka.verb in (0x10, 1.50, yes)',
    ],
    ['blanks are quoted', '- list: l\n  items: ["a b"]\n', 'ka.verb in (l)', 'ka.verb in ("a b")'],
    ['commas split', '- list: l\n  items: ["a,b"]\n', 'ka.verb in (l)', 'ka.verb in (a, b)'],
    [
      'quotes are kept',
      '- list: l\n  items: [\'"a,b"\']\n',
      'ka.verb in (l)',
      'ka.verb in ("a,b")',
    ],
    [
      'an empty list takes a comma',
      '- list: l\n  items: []\n',
      'ka.verb in (a, l, b)',
      'ka.verb in (a, b)',
    ],
    ['an empty list in front', '- list: l\n  items: []\n', 'ka.verb in (l, b)', 'ka.verb in (b)'],
    ['anywhere between delimiters', '- list: l\n  items: [get]\n', 'ka.verb=l', 'ka.verb = get'],
    ['not in quotes', '- list: l\n  items: [get]\n', 'ka.verb="l"', 'ka.verb = l'],
    [
      'not within words',
      '- list: l\n  items: [get]\n',
      'ka.verb in (ll, l-l)',
      'ka.verb in (ll, l-l)',
    ],
    [
      'twice',
      '- list: l\n  items: [a]\n',
      'ka.verb in (l) or ka.uri in (l,l)',
      'ka.verb in (a) or ka.uri in (a, a)',
    ],
    [
      'one level of lists',
      '- list: a\n  items: [x]\n- list: l\n  items: [a, y]\n',
      'ka.verb in (l)',
      'ka.verb in (x, y)',
    ],
    [
      'a list defined later',
      '- list: l\n  items: [b, y]\n- list: b\n  items: [x]\n',
      'ka.verb in (l)',
      'ka.verb in (x, y)',
    ],
    [
      'two levels, innermost first',
      '- list: a\n  items: [x]\n- list: b\n  items: [a]\n- list: l\n  items: [b]\n',
      'ka.verb in (l)',
      'ka.verb in (a)',
    ],
    [
      'redefined',
      '- list: l\n  items: [x]\n- list: l\n  items: [y]\n',
      'ka.verb in (l)',
      'ka.verb in (y)',
    ],
    [
      'appended',
      '- list: l\n  items: [x]\n- list: l\n  items: [y]\n  override: {items: append}\n',
      'ka.verb in (l)',
      'ka.verb in (x, y)',
    ],
    [
      'appended in the older way',
      '- list: l\n  items: [x]\n- list: l\n  items: [y]\n  append: true\n',
      'ka.verb in (l)',
      'ka.verb in (x, y)',
    ],
  ])('%s', (_, lists, condition, wanted) => {
    expect(inList(lists, condition)).toEqual([wanted])
  })

  test('a list named `and` breaks conditions, as in Falco', () => {
    const text = `- list: and\n  items: [or]\n${rule({ condition: 'ka.verb=a and ka.verb=b' })}`
    expect(conditions(text)).toEqual(['ka.verb = a or ka.verb = b'])
  })
})

describe('macros', () => {
  const macro = (name: string, condition: string, more = ''): string =>
    `- macro: ${name}\n  condition: ${condition}\n${more}`

  test.each<[note: string, text: string, wanted: string]>([
    [
      'keep their grouping',
      macro('m', 'a.a=1 or a.a=2').replaceAll('a.a', 'ka.verb') +
        rule({ condition: 'm and ka.uri=x' }),
      '(ka.verb = 1 or ka.verb = 2) and ka.uri = x',
    ],
    [
      'behind the rule that uses them',
      rule({ condition: 'm' }) + macro('m', 'ka.verb=x'),
      'ka.verb = x',
    ],
    [
      'appended',
      macro('m', 'ka.verb=x') +
        macro('m', 'or ka.verb=y', '  override: {condition: append}\n') +
        rule({ condition: 'm' }),
      'ka.verb = x or ka.verb = y',
    ],
    [
      'redefined later, seen by those before',
      macro('a', 'ka.verb=x') +
        macro('b', 'a') +
        macro('a', 'ka.verb=y') +
        rule({ condition: 'b' }),
      'ka.verb = y',
    ],
    [
      'redefined to use a later one',
      macro('a', 'ka.verb=x') +
        macro('b', 'ka.verb=z') +
        macro('a', 'b') +
        rule({ condition: 'a' }),
      'ka.verb = z',
    ],
  ])('%s', (_, text, wanted) => {
    expect(conditions(text)).toEqual([wanted])
  })

  test.each<[note: string, text: string, wanted: RegExp]>([
    [
      'a macro that comes later',
      macro('b', 'a') + macro('a', 'ka.verb=x'),
      /the macro `a` is not defined yet/,
    ],
    ['itself', macro('a', 'a'), /the macro `a` is not defined yet/],
    [
      'itself, redefined',
      macro('a', 'ka.verb=x') + macro('a', 'a'),
      /the macro `a` refers to itself/,
    ],
    [
      'a circle',
      macro('a', 'ka.verb=x') + macro('b', 'a') + macro('a', 'b'),
      /the macro `b` refers to itself|`a` refers to itself/,
    ],
    ['broken text that nobody uses', macro('a', '('), /LOAD_ERR_COMPILE_CONDITION/],
  ])('%s is refused', (_, text, wanted) => {
    expect(diagnose(text).find((line) => line.includes(' LOAD_ERR_'))).toMatch(wanted)
  })

  test('a macro of a later file is not seen', () => {
    expect(diagnose(rule({ condition: 'm' }), macro('m', 'ka.verb=x'))).toEqual([
      '1:3:14 LOAD_ERR_VALIDATE the macro `m` is not defined',
    ])
    expect(conditions(macro('m', 'ka.verb=x'), rule({ condition: 'm' }))).toEqual(['ka.verb = x'])
  })
})

describe('overrides', () => {
  const change = (keys: string, override: string): string =>
    `- rule: r\n  ${keys}\n  override: {${override}}\n`
  const only = (...texts: string[]) => {
    const { compilation, diagnostics } = loadRules(texts.map((text, i) => ({ file: `${i}`, text })))
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    const { definition } = compilation!.rules[0]!
    return {
      ...definition,
      output: definition.output.text,
      description: definition.description.text,
      tags: [...definition.tags],
    }
  }

  test('append and replace', () => {
    expect(only(rule({ tags: '[b]' }), change('tags: [a, b]', 'tags: append')).tags).toEqual([
      'b',
      'a',
    ])
    expect(only(rule({ tags: '[b]' }), change('tags: [c]', 'tags: replace')).tags).toEqual(['c'])
    expect(only(rule(), change('desc: e', 'desc: append')).description).toBe('d e')
    expect(only(rule(), change('output: p', 'output: append')).output).toBe('o p')
    expect(only(rule(), change('output: p', 'output: replace')).output).toBe('p')
    expect(only(rule(), change('priority: ALERT', 'priority: replace')).priority).toBe('Alert')
    expect(only(rule(), change('enabled: no', 'enabled: replace')).enabled).toBe(false)
    expect(conditions(rule(), change('condition: or ka.verb=x', 'condition: append'))).toEqual([
      'ka.verb = get or ka.verb = x',
    ])
    expect(conditions(rule(), change('condition: ka.verb=x', 'condition: replace'))).toEqual([
      'ka.verb = x',
    ])
  })

  test('a change keeps the rule in its place, a definition too', () => {
    const { compilation } = loadRules([
      { file: 'a', text: rule() + rule({ rule: 's' }) + rule({ desc: 'new' }) },
    ])
    expect(compilation!.rules.map(({ definition }) => definition.name)).toEqual(['r', 's'])
  })

  test('an output is trimmed where it is defined', () => {
    expect(only(rule({ output: '"  a  "' })).output).toBe('a')
    expect(only(rule(), change('output: " a "', 'output: replace')).output).toBe(' a ')
  })
})

describe('exceptions', () => {
  const excepted = (exceptions: string): string[] => conditions(rule({ exceptions }))

  test.each<[note: string, exceptions: string, wanted: string]>([
    [
      'one field',
      '[{name: e, fields: ka.uri, values: [a, b c]}]',
      'ka.verb = get and not ka.uri in (a, "b c")',
    ],
    [
      'one field with an operator',
      '[{name: e, fields: ka.uri, comps: startswith anyof, values: [a]}]',
      'ka.verb = get and not ka.uri startswith anyof (a)',
    ],
    [
      'rows',
      '[{name: e, fields: [ka.uri, ka.verb], values: [[a, b], [c, d]]}]',
      'ka.verb = get and not (ka.uri = a and ka.verb = b or ka.uri = c and ka.verb = d)',
    ],
    [
      'lists in rows',
      '[{name: e, fields: [ka.user.groups], comps: [intersects], values: [[[a, b]], [c]]}]',
      'ka.verb = get and not (ka.user.groups intersects (a, b) or ka.user.groups intersects (c))',
    ],
    ['no values', '[{name: e, fields: ka.uri}]', 'ka.verb = get'],
    [
      'transformers',
      '[{name: e, fields: tolower(ka.uri), values: [a]}]',
      'ka.verb = get and not tolower(ka.uri) in (a)',
    ],
    [
      'blanks around operators',
      '[{name: e, fields: [ka.uri], comps: [" startswith "], values: [[a]]}]',
      'ka.verb = get and not ka.uri startswith a',
    ],
  ])('%s', (_, exceptions, wanted) => {
    expect(excepted(exceptions)).toEqual([wanted])
  })

  test.each<[note: string, exceptions: string, wanted: RegExp]>([
    [
      'a list of comps for one field',
      '[{name: e, fields: ka.uri, comps: [in], values: [a]}]',
      /one field, but a list of comps/,
    ],
    [
      'an operator that takes no list',
      '[{name: e, fields: ka.uri, comps: "=", values: [a]}]',
      /`=` does not compare one field with a list/,
    ],
    [
      'an unknown operator',
      '[{name: e, fields: [ka.uri], comps: [is], values: [[a]]}]',
      /`is` is no operator/,
    ],
    [
      'rows for one field',
      '[{name: e, fields: ka.uri, values: [[a]]}]',
      /one field, so its values must be texts/,
    ],
    [
      'an unknown field',
      '[{name: e, fields: tolower(ka.nope), values: [a]}]',
      /unknown field `ka.nope`/,
    ],
  ])('%s is refused', (_, exceptions, wanted) => {
    expect(diagnose(rule({ exceptions }))[0]).toMatch(wanted)
  })

  test('what real Falco crashes on is refused', () => {
    const replace =
      '- rule: r\n  exceptions: [{name: e, fields: [ka.uri], values: [[a]]}]\n  override: {exceptions: replace}\n'
    expect(diagnose(rule() + replace)).toEqual([
      '8:16 LOAD_ERR_VALIDATE the exception `e` has no `comps` for its fields',
    ])
  })
})

test('rules of other sources are loaded and not run', () => {
  const syscall = rule({
    rule: 's',
    source: '',
    condition: 'proc.name=x and not m',
    output: '"%proc.name"',
  })
  const macro = '- macro: m\n  condition: fd.name startswith /etc\n'
  const { compilation, diagnostics } = loadRules([{ file: 'a', text: macro + syscall + rule() }])
  expect(diagnostics).toEqual([])
  expect(compilation!.rules.map(({ program }) => program !== undefined)).toEqual([false, true])
  const event = { kind: 'Event', auditID: 'a', stageTimestamp: '2026-01-01T00:00:00Z', verb: 'get' }
  expect(new Ruleset(compilation!).evaluate(Buffer.from(JSON.stringify(event)))).toMatchObject([
    { rule: 'r' },
  ])
})
