import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { cli, eventLine, folder, root } from '../support/cli.ts'

test('the tests of guardrails, passing and failing, in every form', async () => {
  const cwd = folder({})
  await cli(['new', 'rbac/mine'], { cwd })
  expect(await cli(['test', 'guardrails'], { cwd })).toMatchObject({
    code: 0,
    stdout: '3 tests, 4 cases and 1 comparison of engines: 8 passed, 0 failed\n',
  })
  const covered = await cli(['test', 'guardrails', '--coverage', '--run', 'test_reading'], { cwd })
  expect(covered.stdout).toMatch(
    /% of the lines are covered\ncases decide 0 of 1 way to a finding\n1 test: 1 passed, 0 failed\n$/,
  )

  const broken =
    'package guardrails.rbac.mine_more_test\n\ntest_wrong if {\n\tx := 1\n\tx == 2\n}\n'
  writeFileSync(path.join(cwd, 'guardrails/more_test.rego'), broken)
  const pretty = await cli(['test', 'guardrails'], { cwd })
  expect(pretty.code).toBe(1)
  expect(pretty.stdout).toContain('FAIL  test_wrong  guardrails/more_test.rego:3')
  expect(pretty.stdout).toContain('guardrails/more_test.rego:5: `x == 2` does not hold')
  const github = await cli(['test', 'guardrails', '-f', 'github'], { cwd })
  expect(github.stdout).toMatch(
    /^::error file=guardrails\/more_test\.rego,line=5,title=test_wrong::/m,
  )
  const junit = await cli(['test', 'guardrails', '-f', 'junit'], { cwd })
  expect(XMLValidator.validate(junit.stdout)).toBe(true)
  expect(junit.stdout).toContain('tests="9" failures="1"')
  const json = await cli(['test', 'guardrails', '-f', 'json'], { cwd })
  expect(JSON.parse(json.stdout).tests).toHaveLength(9)
})

test('the cases of a new guardrail notice all of its mutants', async () => {
  const cwd = folder({})
  await cli(['new', 'rbac/mine'], { cwd })
  const { code, stdout } = await cli(['test', '--mutation-score', '100'], { cwd })
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('cases notice 100.0 %'),
  })
})

const CASES = `- note: a shell is a finding
  base: pod-exec
  want:
    - {rule: mine, priority: Notice}

- note: a log is none
  base: pod-log
  want: none
`

const GUARDRAIL = [
  '# METADATA',
  '# title: A shell',
  '# description: Somebody opened a shell.',
  '# scope: package',
  '# custom:',
  '#   id: mine',
  '#   priority: Notice',
  '#   tags: [shell]',
  '#   controls: {soc2: [CC6.1]}',
  'package guardrails.pods.mine',
  '',
  'import data.parapet.lib',
  '',
  'violation contains lib.finding(rego.metadata.chain(), message) if {',
  '\tinput.objectRef.subresource == "exec"',
  '\tmessage := $"{input.user.username} did it"',
  '}',
  '',
].join('\n')

test('cases beside a guardrail, passing and failing', async () => {
  const cwd = folder({ 'mine.rego': GUARDRAIL, 'mine.cases.yaml': CASES })
  expect(await cli(['test'], { cwd })).toMatchObject({
    code: 0,
    stdout: '2 cases and 1 comparison of engines: 3 passed, 0 failed\n',
  })
  writeFileSync(path.join(cwd, 'mine.cases.yaml'), CASES.replace('Notice', 'Error'))
  const pretty = await cli(['test'], { cwd })
  expect(pretty.code).toBe(1)
  expect(pretty.stdout).toContain(
    `FAIL  mine: a shell is a finding  mine.cases.yaml:1
  other findings were wanted than came
  - {"rule":"mine","priority":"Error"}
  + {"rule":"mine","priority":"Notice","message":"admin@example.com did it"}
  event: {"user":{"username":"admin@example.com"},"objectRef":{"subresource":"exec"}}
2 cases and 1 comparison of engines: 2 passed, 1 failed`,
  )
  const json = await cli(['test', '-f', 'json'], { cwd })
  expect(JSON.parse(json.stdout).tests[0]).toMatchObject({
    want: [{ rule: 'mine', priority: 'Error' }],
    found: [{ rule: 'mine', priority: 'Notice', message: 'admin@example.com did it' }],
  })
  const none = await cli(['test', '--run', 'log'], { cwd })
  expect(none).toMatchObject({
    code: 0,
    stdout: '1 case and 1 comparison of engines: 2 passed, 0 failed\n',
  })
})

test('what is missing or skipped fails where that is asked for, and is a failed test', async () => {
  const cwd = folder({
    'mine.rego': GUARDRAIL.replace('#   tags: [shell]\n', ''),
    'mine.cases.yaml': CASES,
    'mine_test.rego': 'package mine_test\n\ntodo_test_more if true\n',
  })
  const counts = async (...flags: string[]) => {
    const { code, stdout } = await cli(['test', '-f', 'junit', ...flags], { cwd })
    return [code, /tests="\d+" failures="\d+" errors="0" skipped="\d+"/.exec(stdout)![0]]
  }
  expect(await counts()).toEqual([0, 'tests="5" failures="0" errors="0" skipped="1"'])
  expect(await counts('--fail-on-skipped')).toEqual([
    1,
    'tests="5" failures="1" errors="0" skipped="0"',
  ])
  expect(await counts('--fail-on-missing')).toEqual([
    1,
    'tests="5" failures="1" errors="0" skipped="1"',
  ])
})

test('a folder inside of a policy is tested as a part of it', async () => {
  const helped = GUARDRAIL.replace('"exec"', 'data.words.exec')
  const cwd = folder({
    'policy/.manifest': '{"roots": ["guardrails", "words"]}',
    'policy/words.rego': 'package words\n\nexec := "exec"\n',
    'policy/mine/mine.rego': helped,
    'policy/mine/mine.cases.yaml': CASES,
    'policy/yours/yours.rego': helped.replaceAll('mine', 'yours'),
    'policy/yours/yours.cases.yaml': CASES.replace('Notice', 'Error'),
  })
  expect(await cli(['test', 'policy/mine'], { cwd })).toMatchObject({
    code: 0,
    stdout: '2 cases and 1 comparison of engines: 3 passed, 0 failed\n',
  })
  expect(await cli(['test'], { cwd: path.join(cwd, 'policy/yours') })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('yours: a shell is a finding  ../yours/yours.cases.yaml:1'),
  })
})

test('cases beside Falco rules', async () => {
  const { code, stdout } = await cli(['test', 'falco-rules'])
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ cases: /) })
})

test('a case of a Falco rule that fails shows what the rule looks at', async () => {
  const rules = `- rule: shell
  desc: A shell.
  condition: ka.target.subresource = exec and jevt.value[/stage] = ResponseComplete
  output: "%ka.user.name did it"
  priority: NOTICE
  source: k8s_audit
`
  const cwd = folder({ 'mine.yaml': rules, 'mine.cases.yaml': CASES })
  const { code, stdout } = await cli(['test'], { cwd })
  expect(code).toBe(1)
  expect(stdout).toContain(
    'event: {"stage":"ResponseComplete","user":{"username":"admin@example.com"},"objectRef":{"subresource":"exec"}}',
  )
})

test('a case file that belongs to no guardrail, and one with a mistake', async () => {
  const stray = folder({
    'mine.rego': GUARDRAIL,
    'yours.rego': GUARDRAIL.replaceAll('mine', 'yours'),
    'other.cases.yaml': CASES,
  })
  expect(await cli(['test'], { cwd: stray })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('beside this case file are several guardrails'),
  })
  const cwd = folder({
    'mine.rego': GUARDRAIL,
    'mine.cases.yaml': CASES.replace(': none', ': nothing'),
  })
  expect(await cli(['test'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('mine.cases.yaml:8:9: error: `want` is neither `none`'),
  })
})

test('a case file alone is not what test takes, and how its cases are run', async () => {
  const cwd = folder({ 'pods/mine.rego': GUARDRAIL, 'pods/mine.cases.yaml': CASES })
  const { code, stderr } = await cli(['test', 'pods/mine.cases.yaml'], { cwd })
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `pods/mine.cases.yaml: error: \`pods/mine.cases.yaml\` is no folder, .rego file or bundle [USAGE]
  to run one file of cases, name its folder: parapet test pods --run mine.cases.yaml
`,
  })
  const meant = await cli(['test', 'pods', '--run', 'mine.cases.yaml'], { cwd })
  expect(meant.stdout).toContain('2 cases and')
})

test('a case says where it names a request that is not there', async () => {
  const text = (lines: string) => `- note: a\n  ${lines}\n  want: none\n`
  const error = async (lines: string) => {
    const cwd = folder({
      'mine.rego': GUARDRAIL,
      'mine.cases.yaml': text(lines),
      'a.jsonl': eventLine({ auditID: 'a' }),
    })
    return (await cli(['test'], { cwd })).stderr
  }
  expect(await error('recording: a.jsonl\n  auditID: b')).toMatch(
    /^mine\.cases\.yaml:3:12: error: .* \[CASE_EVENT_MISSING\]\n  take the `auditID` of a finding/,
  )
  expect(await error('recording: a.jsonl\n  stage: Panic\n  auditID: a')).toMatch(
    /^mine\.cases\.yaml:4:12: error: .* of stage `Panic` .*\n  its stages are ResponseComplete\n/,
  )
  expect(await error('recording: none.jsonl\n  auditID: b')).toMatch(
    /^mine\.cases\.yaml:2:14: error: .*\n  the path of a recording is relative to its case file/,
  )
})

test('no tests are no success', async () => {
  const cwd = folder({ 'a.rego': 'package a\n\nx := 1\n' })
  const { code, stderr } = await cli(['test', 'a.rego'], { cwd })
  expect({ code, stderr }).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('[TESTS_NONE]'),
  })
})

test('where a signature is required, nothing else will do', async () => {
  const cwd = folder({ 'a.rego': 'package a\n\nx := 1\n' })
  await cli(['keys', 'new', 'key'], { cwd })
  const trusted = ['--verify-key', 'key.pub.pem']
  const source = await cli(['test', 'a.rego', ...trusted], { cwd })
  expect(source.stderr).toContain('[SIGNATURE_MISSING]')
  const bundle = path.join(root, 'bundles/parapet.tar.gz')
  const unsigned = await cli(['test', bundle, ...trusted], { cwd })
  expect(unsigned.stderr).toMatch(/\[SIGNATURE_/)
  expect([source.code, unsigned.code]).toEqual([2, 2])
})
