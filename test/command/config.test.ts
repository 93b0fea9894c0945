import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { settings } from '../../src/io/settings/settings.ts'
import { settingsSchema } from '../../src/io/settings/schema.ts'
import { parseYaml, yamlValue } from '../../src/text/yaml.ts'
import { cli, eventLine, folder, root } from '../support/cli.ts'
import { wholeProgram } from './program.ts'

const exec = eventLine()

/** A repository with this parapet.yaml at its root, and a folder in it to work in. */
function repository(config: string): string {
  const made = folder({ 'parapet.yaml': config, 'org.yaml': 'org: {}\n' })
  mkdirSync(path.join(made, '.git'))
  mkdirSync(path.join(made, 'a/b'), { recursive: true })
  return made
}

interface Shown {
  readonly file: string | null
  readonly settings: readonly {
    readonly key: string
    readonly value: unknown
    readonly origin: string
    readonly place?: string
  }[]
}

async function config(cwd: string, env: Record<string, string> = {}): Promise<Shown> {
  const { stdout, code } = await cli(['config', '--format', 'json'], { cwd, env })
  expect(code).toBe(0)
  return JSON.parse(stdout) as Shown
}

describe('where a value comes from', () => {
  test('the environment goes before the file, the file before the default', async () => {
    const cwd = repository('fail-on: notice\nformat: sarif\nwhere: [user=alice]\n')
    const { file, settings: shown } = await config(cwd, {
      PARAPET_FORMAT: 'table',
      PARAPET_SKIP: 'a, b',
      PARAPET_ONLY: '',
    })
    expect(file).toBe('parapet.yaml')
    const told = shown.filter(({ key }) =>
      ['fail-on', 'format', 'where', 'skip', 'only', 'min-priority'].includes(key),
    )
    expect(told).toEqual([
      { key: 'only', value: [], origin: 'default' },
      { key: 'skip', value: ['a', 'b'], origin: 'environment', place: 'PARAPET_SKIP' },
      { key: 'where', value: ['user=alice'], origin: 'file', place: 'parapet.yaml:3:1' },
      { key: 'min-priority', value: null, origin: 'default' },
      { key: 'format', value: 'table', origin: 'environment', place: 'PARAPET_FORMAT' },
      { key: 'fail-on', value: 'Notice', origin: 'file', place: 'parapet.yaml:1:1' },
    ])
  })

  test('a flag goes before all of them', async () => {
    const cwd = repository('fail-on: notice\n')
    const scan = ['scan', '-', '-f', 'jsonl']
    const env = { PARAPET_FAIL_ON: 'warning' }
    const codes = [
      await cli(scan, { cwd, stdin: exec }),
      await cli(scan, { cwd, stdin: exec, env }),
      await cli([...scan, '--fail-on', 'debug'], { cwd, stdin: exec, env }),
      await cli([...scan, '--no-config'], { cwd, stdin: exec }),
    ].map(({ code }) => code)
    expect(codes).toEqual([1, 0, 1, 0])
  })

  test('a flag that is given counts even where it says what the default says', async () => {
    const cwd = repository('fail-on: notice\n')
    const { code } = await cli(['scan', '-', '--fail-on', 'Warning'], { cwd, stdin: exec })
    expect(code).toBe(0)
  })

  test('defaults are those of the options', async () => {
    const program = await wholeProgram()
    const options = program.commands.find((command) => command.name() === 'scan')!.options
    for (const { key, attribute, default: usual, kind } of settings) {
      const option = options.find((candidate) => candidate.attributeName() === attribute)
      expect(option, key).toBeDefined()
      expect(option!.defaultValue, key).toEqual(kind === 'flag' ? undefined : usual)
    }
  })

  test('pretty', async () => {
    const { stdout } = await cli(['config'], {
      cwd: repository('fail-on: notice\nonly: pod-exec\n'),
    })
    expect(stdout).toMatchInlineSnapshot(`
      "Settings of parapet.yaml

      policies       -         default
      data           -         default
      decisions      -         default
      falco          -         default
      rule-matching  all       default
      only           pod-exec  parapet.yaml:2:1
      skip           -         default
      trust          -         default
      scope          -         default
      where          -         default
      min-priority   -         default
      every-stage    false     default
      dedup-window   -         default
      baseline       -         default
      format         pretty    default
      output         -         default
      summary        false     default
      fail-on        Notice    parapet.yaml:1:1
      workers        -         default
      max-memory     -         default
      quiet          false     default
      "
    `)
    expect((await cli(['config'], { cwd: folder({}) })).stdout).toMatch(
      /^There is no parapet.yaml here\n/,
    )
  })
})

describe('the file', () => {
  test('is found upward, to the root of the repository; its paths are relative to it', async () => {
    const repo = repository('data: org.yaml\npolicies: [builtin, ./pack]\nbaseline: /known.yaml\n')
    const cwd = path.join(repo, 'a/b')
    const { file, settings: shown } = await config(cwd)
    expect(file).toBe('../../parapet.yaml')
    const value = (wanted: string): unknown => shown.find(({ key }) => key === wanted)!.value
    expect(value('data')).toEqual(['../../org.yaml'])
    expect(value('policies')).toEqual(['builtin', '../../pack'])
    expect(path.resolve(cwd, value('baseline') as string)).toBe('/known.yaml')
  })

  test('the nearest one counts, and not those above it', async () => {
    const repo = repository('fail-on: notice\n')
    writeFileSync(path.join(repo, 'a/parapet.yaml'), 'format: csv\n')
    const { file, settings: shown } = await config(path.join(repo, 'a/b'))
    expect(file).toBe('../parapet.yaml')
    expect(shown.find(({ key }) => key === 'fail-on')).toMatchObject({ origin: 'default' })
  })

  test('nothing above the repository counts, and outside of one nothing above at all', async () => {
    const outside = folder({ 'parapet.yaml': 'fail-on: notice\n' })
    mkdirSync(path.join(outside, 'repo/.git'), { recursive: true })
    mkdirSync(path.join(outside, 'plain'))
    expect((await config(path.join(outside, 'repo'))).file).toBeNull()
    expect((await config(path.join(outside, 'plain'))).file).toBeNull()
    expect((await config(outside)).file).toBe('parapet.yaml')
  })

  test('--config and PARAPET_CONFIG name another one', async () => {
    const cwd = folder({ 'ci.yaml': 'fail-on: notice\n', 'parapet.yaml': 'fail-on: none\n' })
    const scan = ['scan', '-']
    const { code } = await cli([...scan, '--config', 'ci.yaml'], { cwd, stdin: exec })
    expect(code).toBe(1)
    const env = { PARAPET_CONFIG: 'ci.yaml' }
    expect((await cli(scan, { cwd, stdin: exec, env })).code).toBe(1)
    expect((await cli(scan, { cwd, stdin: exec })).code).toBe(0)
    const missing = await cli([...scan, '--config', 'no.yaml'], { cwd, stdin: exec })
    expect(missing.stderr).toContain('no.yaml: error: the file cannot be read')
    expect(missing.code).toBe(2)
  })

  test.each(['', '# nothing yet\n', '---\n', '{}'])('%j holds no settings', async (text) => {
    const { settings: shown } = await config(repository(text))
    expect(new Set(shown.map(({ origin }) => origin))).toEqual(new Set(['default']))
  })

  test('scan and baseline do as it says', async () => {
    const cwd = repository(
      'baseline: known.yaml\nformat: jsonl\noutput: report.jsonl\nsummary: true\n',
    )
    writeFileSync(path.join(cwd, 'known.yaml'), 'findings: [{rule: pod-exec}]\n')
    const scan = async (...args: string[]): Promise<string> =>
      (await cli(['scan', '-', '-o', '-', ...args], { cwd, stdin: exec })).stdout
    expect(await scan()).toMatch(/^\{"summary".*"baseline":\{"file":"known.yaml","findings":1,/)
    expect(await scan('--no-baseline')).toMatch(/^\{"rule":"pod-exec"/)
    // `output` is where reports go.
    const { stdout } = await cli(['baseline', '-'], { cwd, stdin: exec })
    expect(stdout).toContain('rule: pod-exec')
  })
})

const mistakes: [text: string, wanted: string][] = [
  [
    'fail_on: notice',
    '1:1: error: there is no setting `fail_on` [CONFIG_INVALID]\n  did you mean `fail-on`?',
  ],
  [
    'a: 1\npolicy: x',
    '2:1: error: there is no setting `policy` [CONFIG_INVALID]\n  did you mean `policies`?',
  ],
  ['failOn: none', 'did you mean `fail-on`?'],
  ['zzzzzzzzzzz: 1', 'settings are policies, data,'],
  [
    'fail-on: urgent',
    '1:10: error: `urgent` is no value of `fail-on` [CONFIG_INVALID]\n  values are Emergency,',
  ],
  ['format: jsno', 'did you mean `json`?'],
  ['format: [json]', '1:9: error: `format` wants one value'],
  ['data: {a: b}', '1:7: error: `data` wants a text or a list of texts'],
  ['data:\n  - a\n  - [b]', '3:5: error: `data` wants a text or a list of texts'],
  ['data: ""', '1:7: error: is empty'],
  ['every-stage: 1', '1:14: error: `1` is neither true nor false'],
  ['max-memory: lots', '1:13: error: `lots` is not a whole number'],
  [
    'where: [usr=alice]',
    '1:9: error: `usr=alice` is no value of `where` [CONFIG_INVALID]\n  a condition is KEY=GLOB',
  ],
  ['- a', '1:1: error: settings must be a mapping'],
  ['a: 1\na: 2', '2:1: error: '],
  ['quiet: true\n---\nquiet: false', '3:1: error: one YAML document is wanted'],
  ['quiet: [', 'error: '],
]

describe('mistakes', () => {
  test.each(mistakes)('%j', async (text, wanted) => {
    for (const args of [['config'], ['scan', '-'], ['baseline', '-']]) {
      const { code, stderr, stdout } = await cli(args, { cwd: repository(text), stdin: exec })
      expect(stderr).toContain(wanted)
      expect(stderr).toMatch(/^parapet\.yaml:/)
      expect(stdout).toBe('')
      expect(code).toBe(2)
    }
  })

  test('all of them are said at once', async () => {
    const { stderr } = await cli(['config'], { cwd: repository('a: 1\nb: 2\nformat: x\n') })
    expect(stderr.match(/CONFIG_INVALID/g)).toHaveLength(3)
  })

  test.each([
    ['PARAPET_FAIL_ON', 'urgent', 'PARAPET_FAIL_ON: `urgent` is no value of `fail-on`'],
    ['PARAPET_QUIET', 'yes', 'PARAPET_QUIET: `yes` is neither true nor false'],
    ['PARAPET_DATA', 'a,,b', 'PARAPET_DATA: is empty'],
    ['PARAPET_WHERE', 'user=a,b; verb', '`verb` is no value of `where`'],
  ])('%s=%s', async (name, value, wanted) => {
    const { code, stderr } = await cli(['config'], { cwd: folder({}), env: { [name]: value } })
    expect(stderr).toContain(wanted)
    expect(code).toBe(2)
  })

  test('are documents where the format is structured', async () => {
    const cwd = repository('fail_on: none')
    for (const args of [
      ['config', '-f', 'json'],
      ['scan', '-', '-f', 'jsonl'],
    ]) {
      const { stdout, code } = await cli(args, { cwd, stdin: exec })
      expect(JSON.parse(stdout)).toEqual({
        error: {
          code: 'CONFIG_INVALID',
          message: 'there is no setting `fail_on`',
          file: 'parapet.yaml',
          line: 1,
          column: 1,
          help: 'did you mean `fail-on`?',
        },
      })
      expect(code).toBe(2)
    }
  })
})

test('every setting is described', () => {
  const page = readFileSync(path.join(root, 'docs/config.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([\w-]+)` \| `--([\w-]+)` \|/gm)].map(([, ...row]) => row)
  const camel = (option: string): string =>
    option.replaceAll(/-(\w)/g, (_match, letter: string) => letter.toUpperCase())
  expect(rows.map(([key, option]) => [key, camel(option!)])).toEqual(
    settings.map(({ key, attribute }) => [key, attribute]),
  )
})

describe('the JSON Schema', () => {
  const validate = new Ajv({ allErrors: true }).compile(settingsSchema())
  const isValid = (text: string): boolean => {
    const { documents, diagnostics } = parseYaml({ file: 'a', text })
    if (documents.length > 1 || diagnostics.length > 0) return false
    return validate(documents[0] ? yamlValue(documents[0]) : null)
  }

  test('is the one in docs/ (`parapet config --schema`, formatted)', async () => {
    const file = readFileSync(path.join(root, 'docs/parapet.schema.json'), 'utf8')
    expect(JSON.parse(file)).toEqual(settingsSchema())
    const { stdout } = await cli(['config', '--schema'])
    expect(JSON.parse(stdout)).toEqual(settingsSchema())
  })

  test.each([
    '',
    'fail-on: none',
    'fail-on: warning\nformat: sarif\npolicies: builtin',
    'data: [a.yaml, b.json]\nevery-stage: true\nmax-memory: 64\nwhere: ["user=*"]',
  ])('accepts what Parapet accepts: %j', async (text) => {
    await config(repository(text))
    expect(isValid(text), JSON.stringify(validate.errors)).toBe(true)
  })

  test('refuses what Parapet refuses, as far as it can see', () => {
    const unseen = mistakes.filter(([text]) => isValid(text)).map(([text]) => text)
    expect(unseen).toEqual(['where: [usr=alice]'])
  })
})
