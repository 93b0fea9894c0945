import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { cli, eventLine, folder, recording } from '../support/cli.ts'
import { hasToolchain } from '../toolchain/support.ts'

/** A guardrail that finds requests with one of these verbs. */
function guardrail(
  verbs: readonly string[],
  { priority = 'Notice', message = 'did it' } = {},
): string {
  return `# METADATA
# title: Deed
# scope: package
# custom:
#   id: deed
#   priority: ${priority}
package guardrails.test.deed

violation contains finding if {
	input.verb in ${JSON.stringify(verbs)}
	finding := {"id": "deed", "priority": "${priority}", "message": $"{input.user.username} ${message}"}
}
`
}

/** A log of these verbs, each on a day of its own. */
function log(...verbs: string[]): string {
  const lines = verbs.map((verb, i) => {
    const time = `2026-11-${String(10 + i)}T10:00:00.000000Z`
    return eventLine({ verb, auditID: `id-${i}`, stageTimestamp: time })
  })
  return `${lines.join('\n')}\n`
}

async function backtest(dir: string, ...args: string[]): Promise<Awaited<ReturnType<typeof cli>>> {
  return cli(['backtest', ...args, 'audit.log'], { cwd: dir })
}

describe('backtest with the built-in pack', () => {
  test('of itself finds no difference', async () => {
    const sides = ['--candidate', 'builtin', '--baseline', 'builtin']
    const { stdout, code } = await cli(['backtest', ...sides, '--max-new', '0', recording])
    expect(stdout).toMatch(/^0 appeared, 0 vanished, 0 changed, 70 the same\n/)
    expect(code).toBe(0)
  })

  test('shows what other data makes of it, and fails over budget', async () => {
    const dir = folder({
      'known.yaml': 'org: {users: {known: ["nobody@example.com"]}}\n',
      'audit.log': `${eventLine()}\n${eventLine({ auditID: 'other', verb: 'get' })}\n`,
    })
    const sides = ['--candidate', 'builtin', '--baseline', 'builtin']
    const data = ['--candidate-data', 'known.yaml', '--only', 'unknown-user']
    const args = [...sides, ...data, '--max-new', '1', '--max-per-day', '5']
    const pretty = await backtest(dir, ...args)
    expect(pretty.stdout).toContain('Appeared: 2 findings\n')
    expect(pretty.stdout).toContain('unknown-user: alice@example.com in shop  ×2')
    expect(pretty.stdout).toContain('Most on one day: 2 appeared on 2026-11-24\n')
    expect(pretty.stdout).toMatch(/Over budget: 2 findings appeared, 1 more than --max-new 1\n$/)
    expect(pretty.code).toBe(1)
    const json = await backtest(dir, ...args, '--format', 'json')
    expect(json.code).toBe(1)
    expect(json.json()[0]).toMatchObject({
      baseline: 'builtin',
      candidate: 'builtin',
      overruns: [{ budget: 'max-new', allowed: 1, appeared: 2 }],
      same: 0,
      appeared: 2,
      rows: [
        {
          difference: 'appeared',
          rule: 'unknown-user',
          user: 'alice@example.com',
          namespace: 'shop',
          count: 2,
          candidate: { auditID: '11111111-2222-3333-4444-555555555555', line: 1 },
        },
      ],
      days: [{ day: '2026-11-24', appeared: 2 }],
      summary: { events: 2 },
    })
    const markdown = await backtest(dir, ...args, '--format', 'markdown')
    expect(markdown.stdout).toContain('| Appeared | 2 |')
    const github = await backtest(dir, ...args, '--format', 'github')
    expect(github.stdout).toMatch(
      /^::error title=Noise budget::Over budget: 2 findings appeared, 1 more than --max-new 1\n/,
    )
  })

  test('compares Falco rules', async () => {
    const rules = (verb: string): string =>
      `- {rule: r, desc: d, condition: ka.verb = ${verb}, output: "%ka.user.name", priority: INFO, source: k8s_audit}\n`
    const dir = folder({
      'old.yaml': rules('create'),
      'new.yaml': rules('get'),
      'audit.log': log('create', 'get', 'get'),
    })
    const sides = ['--candidate', 'new.yaml', '--baseline', 'old.yaml']
    const { stdout } = await backtest(dir, ...sides)
    expect(stdout).toMatch(/2 appeared, 1 vanished, 0 changed, 0 the same/)
  })

  test('says what is wrong with the request', async () => {
    const dir = folder({ 'audit.log': log('get') })
    const missing = await backtest(dir, '--candidate', 'builtin')
    expect(missing.code).toBe(2)
    expect(missing.stderr).toContain("required option '--baseline <source>'")
    const noPath = await backtest(dir, '--candidate', 'builtin', '--baseline', 'git:main')
    expect(noPath.stderr).toContain('`git:main` does not say what to read of which commit')
    const noRepository = await backtest(dir, '--candidate', 'builtin', '--baseline', 'git:main:x')
    expect(noRepository.code).toBe(2)
    expect(noRepository.stderr).toContain('GIT_FAILED')
  })

  test('a line that cannot be judged makes the answer incomplete', async () => {
    const dir = folder({ 'audit.log': `${log('get')}{"kind": "Event"\n` })
    const sides = ['--candidate', 'builtin', '--baseline', 'builtin']
    const { code, stderr } = await backtest(dir, ...sides)
    expect(code).toBe(2)
    expect(stderr).toContain('audit.log:2')
  })
})

describe.skipIf(!hasToolchain)('backtest between revisions', () => {
  function repository(): { dir: string; git: (...args: string[]) => string } {
    const dir = folder({ 'audit.log': log('create', 'get', 'get', 'delete') })
    const git = (...args: string[]): string =>
      execFileSync(
        'git',
        ['-C', dir, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args],
        {
          encoding: 'utf8',
        },
      )
    git('init', '-q', '-b', 'main')
    mkdirSync(path.join(dir, 'policy'))
    return { dir, git }
  }

  test('reads a folder as it was, and leaves the work tree alone', async () => {
    const { dir, git } = repository()
    const file = path.join(dir, 'policy/deed.rego')
    writeFileSync(file, guardrail(['create', 'get']))
    git('add', '.')
    git('commit', '-qm', 'one')
    writeFileSync(file, guardrail(['get', 'delete'], { priority: 'Error', message: 'did this' }))
    const temporary = folder({})
    vi.stubEnv('TMPDIR', temporary)
    onTestFinished(() => void vi.unstubAllEnvs())
    const { stdout, code } = await backtest(dir, '--candidate', 'policy', '--baseline', 'git:main')
    expect(stdout).toBe(`Appeared: 1 finding
  Error  deed: alice@example.com in shop
    alice@example.com did this  audit.log:4

Vanished: 1 finding
  Notice  deed: alice@example.com in shop
    alice@example.com did it  audit.log:1

Changed: 2 findings
  Error  deed: alice@example.com in shop  ×2
    alice@example.com did this  audit.log:2
    was Notice “alice@example.com did it”

1 appeared, 1 vanished, 2 changed, 0 the same
policy against git:main, on 4 events, ${stdout.split('4 events, ')[1]!.split('\n')[0]!}
Most on one day: 1 appeared on 2026-11-13
`)
    expect(code).toBe(0)
    expect(git('status', '--porcelain')).toBe(' M policy/deed.rego\n')
    expect(readFileSync(file, 'utf8')).toContain('did this')
    expect(readdirSync(temporary)).toEqual([])
  })

  test('compares two commits from a folder further down, when the path is gone', async () => {
    const { dir, git } = repository()
    writeFileSync(path.join(dir, 'policy/deed.rego'), guardrail(['create']))
    git('add', '.')
    git('commit', '-qm', 'one')
    writeFileSync(path.join(dir, 'policy/deed.rego'), guardrail(['get']))
    git('commit', '-qam', 'two')
    rmSync(path.join(dir, 'policy'), { recursive: true })
    mkdirSync(path.join(dir, 'down'))
    const sides = ['--candidate', 'git:main:../policy', '--baseline', 'git:main~1:../policy']
    const { stdout } = await cli(['backtest', ...sides, '../audit.log'], {
      cwd: path.join(dir, 'down'),
    })
    expect(stdout).toContain('2 appeared, 1 vanished, 0 changed, 0 the same')
  })

  test('names files of a commit as they were asked for', async () => {
    const { dir, git } = repository()
    writeFileSync(path.join(dir, 'policy/deed.rego'), 'package guardrails.test.deed\n\nx := \n')
    git('add', '.')
    git('commit', '-qm', 'one')
    const sides = ['--candidate', 'builtin', '--baseline', 'git:HEAD:policy']
    const { stderr, code } = await backtest(dir, ...sides)
    expect(code).toBe(2)
    expect(stderr).toContain('git:HEAD:policy/deed.rego:4')
    const unknown = await backtest(dir, '--candidate', 'builtin', '--baseline', 'git:nope:policy')
    expect(unknown.stderr).toContain('git cannot read `git:nope:policy`')
    const absent = await backtest(dir, '--candidate', 'builtin', '--baseline', 'git:HEAD:other')
    expect(absent.stderr).toContain('there are no files in `git:HEAD:other`')
  })
})
