// Where the time goes until `parapet scan` of one event with the built-in pack has ended: processes
// that do ever more of it, in turn.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { runNode } from './run.mjs'
import { median } from './table.mjs'

const root = path.join(import.meta.dirname, '../..')
const module = (name) => JSON.stringify(path.join(root, 'dist', name))

/** What each process does more than the one before. */
const stages = (event) => [
  ['Node itself', ['-e', '0']],
  [
    'modules',
    [
      '--input-type=module',
      '-e',
      `await Promise.all([${[
        'main.js',
        'command/scan.js',
        'command/scan-run.js',
        'io/scan.js',
        'bundle/own.js',
        'report/pretty.js',
      ]
        .map((name) => `import(${module(name)})`)
        .join()}])`,
    ],
  ],
  [
    'bundle: unpacking, WebAssembly, residuals',
    [
      '--input-type=module',
      '-e',
      `await import(${module('main.js')}); await import(${module('command/scan.js')}); ` +
        `await import(${module('command/scan-run.js')}); await import(${module('report/pretty.js')}); ` +
        `const { scan } = await import(${module('io/scan.js')}); await scan([${JSON.stringify(event)}])`,
    ],
  ],
  [
    'command line, evaluation, report',
    [path.join(root, 'dist/cli.js'), 'scan', event, '--fail-on', 'none', '-q'],
  ],
]

/** @returns for each stage its median in milliseconds, in all and more than the one before */
export async function measureStartup(folder, event, rounds) {
  const file = path.join(folder, 'one-event.jsonl')
  writeFileSync(file, `${event}\n`)
  const measured = stages(file).map(([name, args]) => ({ name, args, runs: [] }))
  for (let round = 0; round <= rounds; round++) {
    for (const { args, runs } of measured) {
      const { seconds } = await runNode(args, path.join(folder, 'out'))
      // The first round brings files into the page cache.
      if (round > 0) runs.push(seconds * 1000)
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
