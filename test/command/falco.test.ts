import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { exampleRule } from '../../src/falco/lint/example.ts'
import { cli, eventLine, folder } from '../support/cli.ts'

const good = exampleRule('ka.stage = ResponseComplete and ka.verb = get')
const never = exampleRule('ka.stage = ResponseComplete and ka.verb = get and ka.verb = list')
const warned = exampleRule('ka.stage = ResponseComplete and ka.response.code > 399')

describe('check', () => {
  test('says what it loaded', async () => {
    const cwd = folder({ 'r.yaml': good })
    expect(await cli(['falco', 'check', 'r.yaml'], { cwd })).toMatchObject({
      code: 0,
      stdout: '1 rule, 0 errors, 0 warnings\n',
    })
  })

  test('errors fail; warnings only with --strict', async () => {
    const cwd = folder({ 'never.yaml': never, 'warned.yaml': warned })
    const failed = await cli(['falco', 'check', 'never.yaml'], { cwd })
    expect(failed).toMatchObject({ code: 1 })
    expect(failed.stdout).toContain(
      'never.yaml:4:55: error: the rule `example` can never match: `ka.verb = get` and `ka.verb = list` exclude each other [FALCO_NEVER_TRUE]\n',
    )
    expect(await cli(['falco', 'check', 'warned.yaml'], { cwd })).toMatchObject({ code: 0 })
    expect(await cli(['falco', 'check', 'warned.yaml', '--strict'], { cwd })).toMatchObject({
      code: 1,
    })
  })

  test('what Falco refuses is an error with its code and place', async () => {
    const cwd = folder({ 'r.yaml': good.replace('ka.verb = get', 'ka.verbs = get') })
    const { code, stdout } = await cli(['falco', 'check', 'r.yaml'], { cwd })
    expect(code).toBe(1)
    expect(stdout).toContain('r.yaml:4:37: error: unknown field `ka.verbs`')
    expect(stdout).toContain('did you mean `ka.verb`?')
    expect(stdout).toContain('not loaded, 1 error, 0 warnings\n')
  })

  test('files of a folder are loaded by name, and one after the other', async () => {
    const cwd = folder({
      'a.yaml': '- macro: read\n  condition: ka.verb in (get, list)\n',
      'b.yaml': exampleRule('ka.stage = ResponseComplete and read'),
    })
    expect(await cli(['falco', 'check', '.'], { cwd })).toMatchObject({ code: 0 })
    const turned = await cli(['falco', 'check', 'b.yaml', 'a.yaml'], { cwd })
    expect(turned.stdout).toContain('[LOAD_ERR_VALIDATE]')
  })

  test('as JSON, annotations and SARIF', async () => {
    const cwd = folder({ 'r.yaml': never + warned.replace('example', 'other') })
    const json = await cli(['falco', 'check', 'r.yaml', '-f', 'json'], { cwd })
    const answer = JSON.parse(json.stdout) as { rules: string[]; diagnostics: { code: string }[] }
    expect(answer.rules).toEqual(['example', 'other'])
    expect(answer.diagnostics.map(({ code }) => code)).toEqual([
      'FALCO_NEVER_TRUE',
      'FALCO_TEXT_ORDER',
    ])
    const github = await cli(['falco', 'check', 'r.yaml', '-f', 'github'], { cwd })
    expect(github.stdout).toMatch(/^::error file=r.yaml,line=4,col=55,title=FALCO_NEVER_TRUE::/)
    const sarif = await cli(['falco', 'check', 'r.yaml', '-f', 'sarif'], { cwd })
    const [run] = (JSON.parse(sarif.stdout) as { runs: SarifRun[] }).runs
    expect(run!.tool.driver.rules.map(({ id }) => id)).toEqual([
      'FALCO_NEVER_TRUE',
      'FALCO_TEXT_ORDER',
    ])
    expect(run!.results.map(({ ruleIndex, level }) => [ruleIndex, level])).toEqual([
      [0, 'error'],
      [1, 'warning'],
    ])
    expect([json.code, github.code, sarif.code]).toEqual([1, 1, 1])
  })

  test('a file that is not there is no answer', async () => {
    const cwd = folder({})
    const { code, stderr } = await cli(['falco', 'check', 'r.yaml'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('[LOAD_ERR_FILE_READ]')
    const json = await cli(['falco', 'check', 'r.yaml', '-f', 'json'], { cwd })
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'LOAD_ERR_FILE_READ' } })
  })
})

interface SarifRun {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }
  readonly results: readonly { readonly ruleIndex: number; readonly level: string }[]
}

describe('fmt', () => {
  const rough = '- macro: a\n  condition: ka.verb=get\n- macro: b\n  condition: a   # why\n'
  const smooth = '- macro: a\n  condition: ka.verb = get\n\n- macro: b\n  condition: a   # why\n'

  test('formats in place, and names what it changed', async () => {
    const cwd = folder({ 'a.yaml': rough, 'b.yaml': smooth })
    const checked = await cli(['falco', 'fmt', '--check', '.'], { cwd })
    expect(checked).toMatchObject({
      code: 1,
      stdout: 'a.yaml\n',
      stderr: '1 file not formatted\n',
    })
    expect(readFileSync(path.join(cwd, 'a.yaml'), 'utf8')).toBe(rough)
    expect(await cli(['falco', 'fmt', '.'], { cwd })).toMatchObject({ code: 0, stdout: 'a.yaml\n' })
    expect(readFileSync(path.join(cwd, 'a.yaml'), 'utf8')).toBe(smooth)
    expect(await cli(['falco', 'fmt', '--check', '.'], { cwd })).toMatchObject({
      code: 0,
      stdout: '',
    })
  })

  test('a file that is no YAML is left', async () => {
    const cwd = folder({ 'a.yaml': '- macro: [' })
    const { code, stderr } = await cli(['falco', 'fmt', 'a.yaml'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('[LOAD_ERR_YAML_PARSE]')
  })
})

describe('fields', () => {
  test('lists all, or those that begin so', async () => {
    const all = await cli(['falco', 'fields'])
    expect(all.stdout).toMatch(/^evt\.num /)
    expect(all.stdout).toMatch(/\n124 fields\n$/)
    const some = await cli(['falco', 'fields', 'ka.target'])
    expect(some.stdout.trim().split('\n').slice(0, -2)).toHaveLength(5)
  })

  test('explains one', async () => {
    const { stdout } = await cli(['falco', 'fields', 'ka.req.pod.containers.image[0]'])
    for (const part of ['list of text', 'audit level Request', 'plain Pods', '`intersects`']) {
      expect(stdout).toContain(part)
    }
    const { stdout: json } = await cli(['falco', 'fields', 'ka.verb', '-f', 'json'])
    expect(JSON.parse(json)).toEqual([
      expect.objectContaining({ name: 'ka.verb', type: 'text', list: false, path: ['verb'] }),
    ])
  })

  test('an unknown one is named with the nearest', async () => {
    const { code, stderr } = await cli(['falco', 'fields', 'ka.target.ressource'])
    expect(code).toBe(2)
    expect(stderr).toContain('did you mean `ka.target.resource`?')
  })
})

describe('explain', () => {
  const rules = `- list: shells
  items: [exec, attach]
- macro: shell
  condition: (ka.target.resource = pods and ka.target.subresource in (shells))
${exampleRule(
  'ka.stage = ResponseComplete and shell and ka.verb in (create, get)',
  'shell in pod',
  '  exceptions:\n    - {name: robots, fields: ka.user.name, values: [robot]}\n',
)}`

  test('shows the expanded condition', async () => {
    const cwd = folder({ 'r.yaml': rules })
    const { code, stdout } = await cli(['falco', 'explain', 'shell in pod', 'r.yaml'], { cwd })
    expect(code).toBe(0)
    expect(stdout).toMatchInlineSnapshot(`
      "shell in pod  r.yaml:5
      Warning  k8s_audit

      an example

        (ka.stage = ResponseComplete
          and (ka.target.resource = pods and ka.target.subresource in (exec, attach))
          and ka.verb in (create, get))
        and not ka.user.name in (robot)

      macros: shell
      exceptions: robots
      fields: ka.stage, ka.target.resource, ka.target.subresource, ka.verb, ka.user.name
      audit level: Metadata
      output: %ka.user.name: %ka.verb %ka.target.resource
      "
    `)
  })

  test.each([
    ['ka.verb', 'Metadata'],
    ['jevt.value[/verb]', 'Metadata'],
    ['jevt.value[/requestObject/spec]', 'Request'],
    ['jevt.value[responseObject/status]', 'RequestResponse'],
  ])('the audit level of %s is the one that the check tells: %s', async (field, level) => {
    const cwd = folder({ 'r.yaml': exampleRule(`ka.stage = ResponseComplete and ${field} = a`) })
    const { stdout } = await cli(['falco', 'explain', 'example', 'r.yaml'], { cwd })
    expect(stdout).toContain(`audit level: ${level}\n`)
    const checked = await cli(['falco', 'check', 'r.yaml'], { cwd })
    expect(checked.stdout.includes(`at level ${level};`)).toBe(level !== 'Metadata')
  })

  test('says on events which part decides', async () => {
    const cwd = folder({
      'r.yaml': rules,
      'log.jsonl': [
        eventLine(),
        eventLine({ user: { username: 'robot' } }),
        eventLine({ objectRef: { resource: 'pods' } }),
        eventLine({ kind: 'Other', stageTimestamp: undefined, auditID: 'x' }),
      ].join('\n'),
    })
    const args = ['falco', 'explain', 'shell in pod', 'r.yaml', '--events', 'log.jsonl']
    const { stdout } = await cli(args, { cwd })
    expect(stdout.slice(stdout.indexOf('log.jsonl:1'))).toMatchInlineSnapshot(`
      "log.jsonl:1  matches
      * true  all of
      * true    all of
      * true      ka.stage = ResponseComplete    ka.stage: "ResponseComplete"
      * true      shell
      * true        all of
      * true          ka.target.resource = pods    ka.target.resource: "pods"
      * true          ka.target.subresource in (exec, attach)    ka.target.subresource: "exec"
      * true      ka.verb in (create, get)    ka.verb: "create"
      * true    not
      * false     ka.user.name in (robot)    ka.user.name: "alice@example.com"

      log.jsonl:2  does not match
      * false all of
        true    all of
        true      ka.stage = ResponseComplete    ka.stage: "ResponseComplete"
        true      shell
        true        all of
        true          ka.target.resource = pods    ka.target.resource: "pods"
        true          ka.target.subresource in (exec, attach)    ka.target.subresource: "exec"
        true      ka.verb in (create, get)    ka.verb: "create"
      * false   not
      * true      ka.user.name in (robot)    ka.user.name: "robot"

      log.jsonl:3  does not match
      * false all of
      * false   all of
        true      ka.stage = ResponseComplete    ka.stage: "ResponseComplete"
      * false     shell
      * false       all of
        true          ka.target.resource = pods    ka.target.resource: "pods"
      * false         ka.target.subresource in (exec, attach)    ka.target.subresource: missing
        true      ka.verb in (create, get)    ka.verb: "create"
        true    not
        false     ka.user.name in (robot)    ka.user.name: "alice@example.com"

      log.jsonl:4  skipped: Falco asks rules only about events with \`kind: Event\` and a stageTimestamp
      "
    `)
    const json = await cli([...args, '-f', 'json'], { cwd })
    const { events } = JSON.parse(json.stdout) as { events: { line: number; matches: boolean }[] }
    expect(events.map(({ line, matches }) => [line, matches])).toEqual([
      [1, true],
      [2, false],
      [3, false],
      [4, false],
    ])
  })

  test('an unknown rule is named with the nearest, rules that do not load are errors', async () => {
    const cwd = folder({ 'r.yaml': rules, 'bad.yaml': '- rule: x\n' })
    const { code, stderr } = await cli(['falco', 'explain', 'shell in pods', 'r.yaml'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('did you mean `shell in pod`?')
    const bad = await cli(['falco', 'explain', 'x', 'bad.yaml'], { cwd })
    expect(bad.code).toBe(2)
    expect(bad.stderr).toContain('[LOAD_ERR_YAML_VALIDATE]')
  })
})
