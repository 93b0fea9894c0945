import { describe, expect, test } from 'vitest'
import { lintRules } from '../../../src/falco/lint/lint.ts'
import { locate } from '../../../src/text/diagnostic.ts'
import { exampleRule } from '../../../src/falco/lint/example.ts'

/** Codes without the infos that nearly every rule has. */
function codes(text: string, ...more: string[]): string[] {
  const documents = [text, ...more].map((each, i) => ({ file: `${i}.yaml`, text: each }))
  return lintRules(documents).diagnostics.flatMap(({ code, severity }) =>
    severity === 'info' ? [] : [code],
  )
}

function ofCondition(condition: string): string[] {
  return codes(exampleRule(condition))
}

function messages(text: string): string[] {
  const document = { file: 'r.yaml', text }
  return lintRules([document]).diagnostics.flatMap((diagnostic) => {
    const { line, column, code, message, help } = locate(diagnostic, [document])
    return diagnostic.severity === 'info'
      ? []
      : [`${line}:${column} ${code} ${message} (${help ?? ''})`]
  })
}

describe('conditions that nothing makes true', () => {
  test.each([
    'ka.verb = get and ka.verb = list',
    'ka.verb in (get, list) and not ka.verb in (list, watch, get)',
    'ka.verb exists and not ka.verb exists',
    'ka.verb = get and not ka.verb = get',
    'ka.verb = get and not ka.verb startswith g',
    'ka.verb contains g and not ka.verb contains g',
    'not (ka.verb = get or not ka.verb = get)',
    'ka.user.groups intersects (a) and not ka.user.groups exists',
    '(ka.verb = get or ka.verb = list) and (ka.verb = watch or ka.verb = create)',
    '(ka.verb = get or ka.user.name = x) and ka.verb = list and not ka.user.name = x',
    'ka.verb != allof (a, b) and ka.verb = a',
    'tolower(ka.user.name) = a and not tolower(ka.user.name) = a',
  ])('%s', (condition) => {
    expect(ofCondition(condition)).toContain('FALCO_NEVER_TRUE')
  })

  test.each([
    'ka.verb = get and ka.user.name = get',
    'ka.verb != get and ka.verb != list',
    'ka.verb startswith g and ka.verb endswith t',
    'not ka.verb = get and not ka.verb exists',
    'ka.user.groups intersects (a) and ka.user.groups intersects (b)',
    'ka.user.groups in (a) and not ka.user.groups in (b)',
    'len(ka.user.groups) > 3 and len(ka.user.groups) < 2',
    'ka.verb = get and ka.verb glob "g*"',
    'ka.verb = val(ka.user.name) and ka.verb = get',
    '(ka.verb = get or ka.verb = list) and (ka.verb = list or ka.verb = create)',
  ])('but not %s', (condition) => {
    expect(ofCondition(condition)).not.toContain('FALCO_NEVER_TRUE')
  })

  test('macros, lists and exceptions are followed, and the two that exclude each other are named', () => {
    const text = `- list: reads
  items: [get, list]
- macro: read
  condition: (ka.verb in (reads))
${exampleRule('ka.user.name exists and read and ka.verb = delete')}`
    expect(messages(text)).toEqual([
      '8:38 FALCO_NEVER_TRUE the rule `example` can never match: `read` and `ka.verb = delete` exclude each other (remove what cannot hold, or join alternatives by `or`)',
    ])
  })

  test('macros of rules for other sources are left alone', () => {
    const text = [
      '- {macro: shell, condition: proc.name = sh or proc.name = bash}',
      '- {rule: a, desc: d, output: o, priority: NOTICE, condition: evt.type = execve and shell}',
    ]
    expect(codes(text.join('\n'))).toEqual([])
  })

  test('a rule that is switched off is left alone', () => {
    const off = exampleRule('ka.verb = get and ka.verb = list', 'example', '  enabled: false\n')
    expect(codes(off)).toEqual([])
  })

  test('a search without an end is given up', () => {
    const parts = Array.from({ length: 40 }, (_, i) => {
      const other = (i + 1) % 40
      return `(ka.uri.param[p${i}] contains a or ka.uri.param[p${other}] contains b)`
    })
    const impossible = 'ka.verb contains x and (ka.verb = get or ka.verb = list)'
    expect(ofCondition(`${parts.join(' and ')} and ${impossible}`)).toBeInstanceOf(Array)
  })
})

describe('comparisons', () => {
  const cases: [condition: string, codes: string[]][] = [
    ['ka.verb = Create', ['FALCO_IMPOSSIBLE_VALUE']],
    ['jevt.value[/verb] = Create', ['FALCO_IMPOSSIBLE_VALUE']],
    ['ka.verb = impersonate', ['FALCO_IMPOSSIBLE_VALUE']],
    ['ka.target.resource in (pod, secrets)', ['FALCO_IMPOSSIBLE_VALUE']],
    ['ka.target.resource = NetworkPolicies', ['FALCO_IMPOSSIBLE_VALUE']],
    ['ka.target.resource = widgets', []],
    ['ka.target.resource = endpoints', []],
    ['jevt.value[/stage] in (responsecomplete)', ['FALCO_IMPOSSIBLE_VALUE']],
    ['ka.auth.decision = deny', ['FALCO_IMPOSSIBLE_VALUE']],
    ['ka.req.pod.host_network = True', ['FALCO_IMPOSSIBLE_VALUE']],
    ['ka.req.pod.containers.privileged intersects (yes)', ['FALCO_IMPOSSIBLE_VALUE']],
    ['ka.req.pod.containers.add_capabilities intersects (SYS_ADMIN)', ['FALCO_IMPOSSIBLE_VALUE']],
    ['ka.req.role.rules intersects (secrets)', ['FALCO_IMPOSSIBLE_VALUE']],
    ['ka.req.pod.run_as_user = root', ['FALCO_IMPOSSIBLE_VALUE']],
    ['ka.response.code = "403 Forbidden"', ['FALCO_IMPOSSIBLE_VALUE']],
    ['ka.response.code in (401, 403)', []],
    ['tolower(ka.user.name) = Admin', ['FALCO_IMPOSSIBLE_VALUE']],
    ['tolower(ka.user.name) = admin', []],
    ['toupper(ka.user.name) = ADMIN', []],
    ['ka.target.name = ""', ['FALCO_EMPTY_COMPARED']],
    ['ka.target.name != ""', []],
    ['ka.target.name = "<NA>"', ['LOAD_UNSAFE_NA_CHECK']],
    ['ka.target.namespace != kube-system', ['FALCO_MISSING_NOT_EQUAL']],
    ['ka.target.namespace exists and ka.target.namespace != kube-system', []],
    ['ka.target.namespace startswith kube and ka.target.namespace != kube-system', []],
    ['not ka.target.namespace != kube-system', []],
    ['ka.verb != get', []],
    ['jevt.value[/verb] != get', []],
    ['jevt.value[/sourceIPs/0] != "::1"', ['FALCO_MISSING_NOT_EQUAL']],
    ['ka.req.pod.host_network != true', ['FALCO_MISSING_NOT_EQUAL']],
    ['ka.user.groups in (a)', ['FALCO_LIST_EVERY']],
    ['not ka.user.groups in (a)', []],
    ['ka.req.pod.containers.image[0] in (a)', []],
    ['toupper(ka.user.groups) intersects (A)', ['FALCO_LIST_TRANSFORMED']],
    ['len(ka.user.groups) > 3', []],
    ['ka.response.code > 399', ['FALCO_TEXT_ORDER']],
    ['len(ka.user.name) > 60', []],
    ['evt.rawtime > 5', []],
    ['ka.user.name in ("system:node:*", ann)', ['FALCO_LITERAL_GLOB']],
    ['ka.req.role.rules.verbs intersects ("*")', []],
    ['ka.user.name glob "system:*"', []],
    ['ka.user.name regex "^(ann|bob)[0-9]"', ['FALCO_REGEX_WHOLE']],
    ['ka.user.name regex "^(ann|bob)[0-9]$"', []],
    ['ka.user.name regex "[a-z]+-(ann|bob)$"', []],
    ['ka.user.name regex "^ann[0-9]*"', []],
    ['ka.user.name regex "ann"', ['LOAD_COMPILE_CONDITION']],
    ['ka.user.name regex ".*ann.*"', ['LOAD_COMPILE_CONDITION']],
    ['ka.user.name = ka.verb', ['LOAD_COMPILE_CONDITION']],
    ['ka.user.name = "tolower(ka.verb)"', ['LOAD_COMPILE_CONDITION']],
    ['ka.uri pmatch (/a/*, /b/*)', ['FALCO_PMATCH_GLOBS']],
    ['ka.uri pmatch (/a/*, /b)', []],
    ['ka.req.pod.containers.eff_run_as_user intersects (0)', ['FALCO_USELESS_FIELD']],
    ['ka.req.container.image = nginx', ['FALCO_DEPRECATED_FIELD']],
    ['ka.verb != get or ka.verb != list', ['FALCO_ALWAYS_TRUE']],
    ['ka.verb = get or ka.verb != get', ['FALCO_ALWAYS_TRUE']],
    ['ka.verb != get or ka.user.name != ann', []],
    ['ka.verb = get or (ka.verb = list and ka.verb = watch)', ['FALCO_DEAD_PART']],
    ['ka.verb = get and not (ka.verb = list and ka.verb = watch)', ['FALCO_DEAD_PART']],
    ['ka.verb = get or ka.user.name in ()', []],
    ['ka.user.name in (trusted_users)', ['FALCO_UNKNOWN_LIST']],
    ['ka.user.name in ("trusted_users")', []],
    ['ka.user.name = trusted_user', []],
  ]

  test.each(cases)('%s', (condition, wanted) => {
    expect(ofCondition(condition)).toEqual(wanted)
  })

  test('a comparison in a macro is reported once, where it is written', () => {
    const text = `- macro: failed
  condition: ka.response.code >= 400
${exampleRule('failed and ka.verb = get', 'one')}${exampleRule('failed and ka.verb = list', 'two')}`
    expect(messages(text)).toEqual([
      '2:14 FALCO_TEXT_ORDER `ka.response.code` is a text, so `>=` compares characters: `1000` is less than `400` (name the values by `in`, or their form by `glob` or `regex`)',
    ])
  })
})

describe('several definitions', () => {
  test.each([
    ['another file', exampleRule('ka.verb = get'), exampleRule('ka.verb = list')],
    ['one file', exampleRule('ka.verb = get') + exampleRule('ka.verb = list')],
  ])('a rule defined again in %s is said', (_, ...files) => {
    expect(codes(files[0]!, ...files.slice(1))).toEqual(['FALCO_REDEFINED'])
  })

  test('an override is no redefinition', () => {
    const change = '- rule: example\n  enabled: false\n  override: {enabled: replace}\n'
    expect(codes(exampleRule('ka.verb = get'), change)).toEqual([])
  })

  test('lists that hold lists which were defined before are not expanded', () => {
    const text = `- list: l1
  items: [ann]
- list: l2
  items: [l1]
- list: l3
  items: [l2]
${exampleRule('ka.user.name in (l3)')}`
    expect(codes(text)).toEqual(['FALCO_UNKNOWN_LIST'])
  })

  test('hidden rules are found over macros, and only behind what covers all of them', () => {
    const rule = (name: string, condition: string): string => exampleRule(condition, name)
    const text = `- macro: write
  condition: (ka.verb in (create, update, patch, delete))
${rule('all writes', 'write and not ka.user.name = robot')}
${rule('hidden', 'ka.user.name = ann and ka.verb in (patch, create) and ka.target.resource = pods')}
${rule('robot too', 'ka.verb = create')}
${rule('reads', 'ka.verb = get')}`
    expect(messages(text)).toEqual([
      '11:3 FALCO_HIDDEN_RULE the rule `hidden` never fires under `rule_matching: first`: whatever it matches, `all writes` matches before (put the more special rule first, or exclude its case from the earlier one)',
    ])
  })

  test('values of exceptions are judged one by one, and row by row', () => {
    const text = exampleRule(
      'ka.verb in (create, delete) and ka.user.name exists',
      'example',
      `  exceptions:
    - name: verbs
      fields: ka.verb
      values: [create, get]
    - name: both
      fields: [ka.verb, ka.user.name]
      values:
        - [delete, ann]
        - [list, bob]
`,
    )
    expect(messages(text)).toEqual([
      '11:24 FALCO_EXCEPTION_UNUSED the exception `verbs` of `example` excludes nothing by `get`: the rule never matches that (correct the value, or remove it)',
      expect.stringMatching(
        /^16:12 FALCO_EXCEPTION_UNUSED the exception `both` of `example` excludes nothing by a row/,
      ),
    ])
  })
})

test('what Falco refuses is reported by its errors alone', () => {
  expect(codes(exampleRule('ka.verb = get and ka.nothing = 1'))).toEqual([
    'LOAD_ERR_COMPILE_CONDITION',
  ])
})
