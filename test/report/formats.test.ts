import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { cli, eventLine, folder, recording, root } from '../support/cli.ts'
import { sarifValidator } from '../support/sarif.ts'

type Json = Record<string, unknown>

const scan = (format: string, ...args: string[]): ReturnType<typeof cli> =>
  cli(['scan', recording, '--format', format, ...args])
const count = async (): Promise<number> => (await scan('jsonl')).json().length

/** A log whose texts try to break out of every format. */
const hostile = eventLine({
  user: { username: '=cmd|"x"<b>&\u0000, ]]>\n::error::x|`y`', groups: [] },
  objectRef: { resource: 'pods', namespace: 'shop', name: '@all [x](y)', subresource: 'exec' },
})
const attack = (format: string): ReturnType<typeof cli> =>
  cli(['scan', '-', '--format', format], { stdin: hostile })

test('jsonl and json fit the published schema of findings', async () => {
  const schema = JSON.parse(
    readFileSync(path.join(root, 'docs/finding.schema.json'), 'utf8'),
  ) as Json
  const validate = new Ajv2020({ allErrors: true }).compile(schema)
  for (const finding of (await scan('jsonl')).json()) {
    expect(validate(finding), JSON.stringify(validate.errors)).toBe(true)
  }
})

describe('SARIF', () => {
  const validate = sarifValidator()

  test.skipIf(!validate)('is valid against the published schema', async () => {
    const failed = await cli(['scan', 'missing.log', '-f', 'sarif'])
    const cwd = folder({ 'known.yaml': 'findings: [{rule: pod-exec, reason: on call}]\n' })
    const known = ['--baseline', path.join(cwd, 'known.yaml')]
    const suppressed = await scan('sarif', ...known)
    expect(suppressed.stdout).toContain('"justification":"on call"')
    for (const { stdout } of [await scan('sarif'), await attack('sarif'), suppressed, failed]) {
      expect(validate!(JSON.parse(stdout)), JSON.stringify(validate!.errors)).toBe(true)
    }
  })

  test('results refer to rules with help, and carry fingerprints', async () => {
    const [run] = (JSON.parse((await scan('sarif')).stdout) as { runs: Json[] }).runs
    const driver = (run!['tool'] as { driver: { rules: Json[] } }).driver
    const results = run!['results'] as Json[]
    expect(results).toHaveLength(await count())
    for (const { ruleId, ruleIndex, partialFingerprints } of results) {
      expect(driver.rules[ruleIndex as number]).toMatchObject({
        id: ruleId,
        help: { text: expect.stringContaining('Why it matters') },
        helpUri: expect.stringMatching(/^https:/),
        properties: { 'security-severity': expect.stringMatching(/^\d+\.\d$/) },
      })
      expect(partialFingerprints).toMatchObject({
        'parapet/v1': expect.stringMatching(/^[0-9a-f]{32}$/),
      })
    }
  })

  test('an error is a notification of an unsuccessful run', async () => {
    const { stdout, code } = await cli(['scan', 'missing.log', '-f', 'sarif'])
    const [run] = (JSON.parse(stdout) as { runs: Json[] }).runs
    expect(run!['invocations']).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [{ descriptor: { id: 'INPUT_NOT_FOUND' } }],
      },
    ])
    expect(code).toBe(2)
  })
})

describe('JUnit', () => {
  interface Suite {
    '@tests': number
    '@failures': number
    '@errors': number
    testcase: { '@name': string; failure?: { '@message': string }; error?: unknown }[]
  }
  const parse = (xml: string): Suite => {
    expect(XMLValidator.validate(xml)).toBe(true)
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      parseAttributeValue: true,
      isArray: (name) => name === 'testcase',
    })
    return (parser.parse(xml) as { testsuites: { testsuite: Suite } }).testsuites.testsuite
  }

  test('each guardrail is a case, which fails on findings that fail the run', async () => {
    const suite = parse((await scan('junit')).stdout)
    const failed = suite.testcase.filter((entry) => entry.failure)
    expect(suite['@tests']).toBe(suite.testcase.length)
    expect(suite['@failures']).toBe(failed.length)
    expect(failed.map((entry) => entry['@name'])).toContain(
      'cluster-admin-granted: Cluster administrator granted',
    )
    expect(suite.testcase.length).toBeGreaterThan(failed.length)
    expect(parse((await scan('junit', '--fail-on', 'none')).stdout)['@failures']).toBe(0)
  })

  test('what could not be judged is an error', async () => {
    const { stdout } = await cli(['scan', '-', '-f', 'junit'], { stdin: '{"kind":' })
    expect(parse(stdout)).toMatchObject({ '@errors': 1 })
  })

  test('texts of the log stay texts', async () => {
    expect(parse((await attack('junit')).stdout)['@errors']).toBe(0)
  })
})

test('GitHub annotations are one command a line, whatever the log says', async () => {
  const { stdout } = await scan('github')
  const lines = stdout.trimEnd().split('\n')
  expect(lines).toHaveLength((await count()) + 1)
  expect(lines[0]).toMatch(/^::(?:error|warning|notice) file=[^,]+,line=\d+,title=[^:]+::.+$/)
  const broken = (await attack('github')).stdout.trimEnd().split('\n')
  expect(broken.filter((line) => line.startsWith('::error'))).toEqual([])
  // oxlint-disable-next-line no-control-regex
  expect(broken.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
})

test('CSV has a header, one row a finding, and no formulas', async () => {
  const { stdout } = await scan('csv')
  const rows = stdout.trimEnd().split('\r\n')
  expect(rows).toHaveLength((await count()) + 1)
  expect(rows[0]).toMatch(/^time,priority,rule,title,message,user,/)
  expect((await attack('csv')).stdout).toContain(`"'=cmd|""x""<b>&`)
})

test('OCSF: Detection Findings with what the class requires', async () => {
  for (const finding of (await scan('ocsf')).json()) {
    expect(finding).toMatchObject({
      class_uid: 2004,
      category_uid: 2,
      activity_id: 1,
      type_uid: 200401,
      severity_id: expect.any(Number),
      time: expect.any(Number),
      metadata: { version: expect.any(String), product: { vendor_name: 'Parapet' } },
      finding_info: { uid: expect.any(String), title: expect.any(String) },
    })
  }
})

test('ECS: alerts with the fields that dashboards look for', async () => {
  const alerts = (await scan('ecs')).json()
  expect(alerts).toHaveLength(await count())
  for (const alert of alerts) {
    expect(alert).toMatchObject({
      '@timestamp': expect.stringMatching(/^\d{4}-/),
      event: { kind: 'alert', dataset: 'kubernetes.audit_logs', outcome: expect.any(String) },
      rule: { id: expect.any(String) },
      ecs: { version: expect.any(String) },
    })
  }
})

test('an error is a line of its own in formats of lines', async () => {
  for (const format of ['jsonl', 'ocsf', 'ecs']) {
    const { stdout } = await cli(['scan', 'missing.log', '-f', format])
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'INPUT_NOT_FOUND' } })
  }
})

test('Markdown: a table in which texts of the log are only texts', async () => {
  const { stdout } = await attack('markdown')
  expect(stdout).toContain('| Priority | What | Count | When | Guardrail |')
  expect(stdout).not.toMatch(/[^\\]\[x\]\(y\)|<b>|\s@all/)
  expect(stdout.split('\n').filter((line) => line.startsWith('| Notice'))).toHaveLength(1)
})

test('table: a row for each thing that happened', async () => {
  const { stdout } = await scan('table', '--only', 'invalid-credentials')
  expect(stdout.replaceAll(/in \d+\.\d+ s.*/g, 'in … s').replaceAll(root, ''))
    .toMatchInlineSnapshot(`
    " PRIORITY   GUARDRAIL             COUNT   WHEN                   WHAT                                                                                            WHERE
     Notice     invalid-credentials      14   2026-11-24 02:43:36Z   somebody from 203.0.113.77 via 127.0.0.1 gave credentials that the API server does not accept   /test/recordings/cluster.jsonl:651

    14 findings: 14 Notice
    951 events, 1.8 MB, in … s
    "
  `)
})
