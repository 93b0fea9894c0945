// `node test/bench/watch.mjs`: how long `parapet test --watch` takes from a written file to the answer,
// on a copy of the built-in pack. Medians of several changes, after one that warms up.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable, Writable } from 'node:stream'
import { main } from '../../dist/main.js'
import { median, number, table } from './table.mjs'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7)
const FOLDER = 'rego/guardrails/workloads/pod_exec'

const root = path.join(import.meta.dirname, '../..')
const cwd = mkdtempSync(path.join(tmpdir(), 'parapet-bench-'))
try {
  for (const name of ['rego', 'falco-rules', 'test/recordings']) {
    cpSync(path.join(root, name), path.join(cwd, name), { recursive: true })
  }
  console.log(await measure())
} finally {
  rmSync(cwd, { recursive: true, force: true })
}

async function measure() {
  const watching = watch()
  await watching.answer()
  const rows = []
  for (const [what, file, comment] of [
    ['a case file', `${FOLDER}/pod_exec.cases.yaml`, '#'],
    ['a guardrail', `${FOLDER}/pod_exec.rego`, '#'],
  ]) {
    const at = path.join(cwd, file)
    const text = readFileSync(at, 'utf8')
    const rounds = []
    for (let round = 0; round <= ROUNDS; round++) {
      const [started, cpu] = [performance.now(), process.cpuUsage()]
      writeFileSync(at, `${text}\n${comment} ${round} ${Date.now()}\n`)
      await watching.answer()
      const { user, system } = process.cpuUsage(cpu)
      rounds.push([performance.now() - started, (user + system) / 1000])
    }
    const [wall, busy] = [0, 1].map((i) => median(rounds.slice(1).map((one) => one[i])))
    rows.push([what, `${number(wall)} ms`, `${number(busy)} ms`])
  }
  watching.end()
  return table(['change of', 'to the answer', 'processor time'], rows)
}

/** Runs the command in this process, so that its processor time can be read. */
function watch() {
  const controller = new AbortController()
  let output = ''
  let wake = () => {}
  const stream = () =>
    new Writable({
      write(chunk, _encoding, done) {
        output += chunk
        wake()
        done()
      },
    })
  void main(['test', 'rego', '--watch'], {
    stdin: Readable.from([]),
    stdout: stream(),
    stderr: stream(),
    env: process.env,
    cwd,
    signal: controller.signal,
  })
  return {
    async answer() {
      while (!/^watching /m.test(output)) await new Promise((resolve) => (wake = resolve))
      output = ''
    },
    end: () => controller.abort(),
  }
}
