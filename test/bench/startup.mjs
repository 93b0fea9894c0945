// Where the time goes until `parapet scan` of one event with the built-in pack has ended: processes
// that do ever more of it, in turn.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { median } from './table.mjs'

const parapet = path.join(import.meta.dirname, '../../bin/parapet.cjs')

/** What each process does more than the one before. */
function stages(folder, event) {
  const file = (name, text) => {
    const whole = path.join(folder, name)
    writeFileSync(whole, text)
    return whole
  }
  const scan = (log) => [parapet, 'scan', log, '--fail-on', 'none', '-q']
  return [
    ['Node itself', [file('nothing.mjs', '')]],
    ['modules, command line', [parapet, 'scan', '--help']],
    ['bundle: unpacking, WebAssembly', scan(file('no-event.jsonl', ''))],
    ['evaluation, report', scan(file('one-event.jsonl', `${event}\n`))],
  ]
}

/** @returns for each stage its median in milliseconds, in all and more than the one before */
export function measureStartup(folder, event, rounds) {
  const measured = stages(folder, event).map(([name, args]) => ({ name, args, runs: [] }))
  for (let round = 0; round <= rounds; round++) {
    for (const { args, runs } of measured) {
      const ms = run(args)
      // The first round brings files into the page cache.
      if (round > 0) runs.push(ms)
    }
  }
  let before = 0
  return measured.map(({ name, runs }) => {
    const whole = median(runs)
    const more = whole - before
    before = whole
    return { name, whole, more }
  })
}

/** Runs Node with nothing preloaded, and gives the milliseconds that it took. */
function run(args) {
  const started = performance.now()
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' })
  const ms = performance.now() - started
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`)
  return ms
}
