import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { Readable, Writable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { main } from '../../src/main.ts'
import { folder } from '../support/cli.ts'
import { hasToolchain } from '../toolchain/support.ts'

function guardrail(id: string, subresource: string): string {
  return `# METADATA
# title: T
# description: D
# scope: package
# custom:
#   id: ${id}
#   priority: Notice
#   tags: [t]
#   controls: {soc2: [CC6.1]}
package guardrails.pods.${id}

import data.parapet.lib

violation contains lib.finding(rego.metadata.chain(), "m") if {
	input.objectRef.subresource == "${subresource}"
}
`
}

const CASES = `- note: a shell is a finding
  base: pod-exec
  want: [m]

- note: a log is none
  base: pod-log
  want: none
`

/** A run of `parapet test --watch`, whose output can be waited for. */
class Watching {
  readonly #controller = new AbortController()
  readonly #code: Promise<number>
  #output = ''
  #wake: () => void = () => {}

  constructor(cwd: string, isTTY = false) {
    const stream = (): Writable & { isTTY?: boolean } =>
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          this.#output += chunk.toString()
          this.#wake()
          done()
        },
      })
    this.#code = main(['test', '--watch'], {
      stdin: Readable.from([]),
      stdout: Object.assign(stream(), { isTTY }),
      stderr: stream(),
      env: { NO_COLOR: '1' },
      cwd,
      signal: this.#controller.signal,
    })
    onTestFinished(async () => void (await this.interrupt()))
  }

  /** What was written of one run. */
  async next(): Promise<string> {
    let end: RegExpExecArray | null
    while (!(end = /watching \d+ files?\n/.exec(this.#output))) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const upTo = end.index + end[0].length
    const text = this.#output.slice(0, upTo)
    this.#output = this.#output.slice(upTo)
    return text
  }

  interrupt(): Promise<number> {
    this.#controller.abort()
    return this.#code
  }
}

describe.skipIf(!hasToolchain)('parapet test --watch', () => {
  test('tests again what changes, tells of mistakes, and ends when interrupted', async () => {
    const cwd = folder({})
    const write = (name: string, text: string): void => writeFileSync(path.join(cwd, name), text)
    write('.manifest', '{}')
    for (const [id, subresource] of [
      ['one', 'exec'],
      ['two', 'exec'],
    ] as const) {
      write(`${id}.rego`, guardrail(id, subresource))
      write(`${id}.cases.yaml`, CASES)
    }
    const watching = new Watching(cwd)
    const passed = '4 cases and 2 comparisons of engines: 6 passed, 0 failed\nwatching 5 files\n'
    expect(await watching.next()).toBe(passed)

    write('one.rego', guardrail('one', 'log'))
    const failed = await watching.next()
    expect(failed).toContain('FAIL  one: a shell is a finding  one.cases.yaml:1')
    expect(failed).toContain('4 passed, 2 failed\nwatching 5 files\n')

    write('two.cases.yaml', CASES.replace('base: pod-log', 'base: pod-lok'))
    expect(await watching.next()).toContain('two.cases.yaml:6:9: error: there is no base `pod-lok`')

    write('one.rego', guardrail('one', 'exec'))
    expect(await watching.next()).toContain('there is no base `pod-lok`')

    write('two.cases.yaml', CASES)
    expect(await watching.next()).toBe(passed)
    expect(await watching.interrupt()).toBe(130)
  })

  test('clears a terminal before each answer', async () => {
    const cwd = folder({ 'one.rego': guardrail('one', 'exec'), 'one.cases.yaml': CASES })
    const watching = new Watching(cwd, true)
    expect(await watching.next()).toContain('\u001B[2J\u001B[3J\u001B[H2 cases')
  })
})
