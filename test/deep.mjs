// `npm run test:deep`: the properties that hold Parapet to OPA and to itself, on many more examples
// than `npm test` takes. Says with what seed, so that a run can be repeated: `PARAPET_SEED=…`. The
// counts are those of events, but for logs that are cut into pieces. It takes an hour.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { keep, number, table } from './bench/table.mjs'

const root = path.join(import.meta.dirname, '..')
const CASES = Number(process.env.PARAPET_CASES ?? 100_000)
const seed = process.env.PARAPET_SEED ?? String(Date.now() % 2 ** 31)
/** Longest that one property may take, in milliseconds. */
const PROPERTY_MS_MAX = 3 * 60 * 60 * 1000
/** Events that are made for each generated policy. */
const EVENTS_EACH = 20

const properties = [
  {
    name: 'built-in guardrails, three sets of data: with the index, without it, and in OPA',
    file: 'test/engine/equality.property.test.ts',
    test: 'of the built-in guardrails',
    env: { PARAPET_CASES: CASES },
    cases: CASES,
  },
  {
    name: 'changed guardrails, the same',
    file: 'test/engine/equality.property.test.ts',
    test: 'of changed guardrails',
    env: { PARAPET_CASES: CASES },
    cases: CASES,
  },
  {
    name: 'generated policies: residuals, and OPA',
    file: 'test/slow/residuals.test.ts',
    test: 'generated policies',
    env: { PARAPET_RUNS: CASES / EVENTS_EACH },
    cases: CASES,
  },
  {
    name: 'logs in pieces on threads, and in one',
    file: 'test/io/pieces.test.ts',
    test: 'pieces come to',
    env: { PARAPET_RUNS: CASES / EVENTS_EACH },
    cases: CASES / EVENTS_EACH,
  },
]

const rows = []
for (const { name, file, test, env, cases } of properties) {
  const started = performance.now()
  const project = file.startsWith('test/slow/') ? 'slow' : 'fast'
  const args = [
    'vitest',
    'run',
    '--project',
    project,
    file,
    '-t',
    test,
    '--testTimeout',
    `${PROPERTY_MS_MAX}`,
  ]
  const strings = Object.entries(env).map(([key, value]) => [key, String(value)])
  const { status } = spawnSync('npx', args, {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...Object.fromEntries(strings),
      PARAPET_SEED: seed,
      PARAPET_PROPERTY_MS: String(PROPERTY_MS_MAX),
    },
  })
  const minutes = (performance.now() - started) / 60_000
  rows.push([name, number(cases), status === 0 ? 'passed' : 'FAILED', number(minutes, 1)])
}

const day = new Date().toISOString().slice(0, 10)
const results = table(['property', 'cases', 'result', 'minutes'], rows)
const text = `Seed ${seed}, on ${day}:\n\n${results}`
process.stdout.write(`\n${text}\n`)
if (process.argv.includes('--write')) keep(path.join(root, 'docs/conformance.md'), 'deep', text)
if (rows.some(([, , result]) => result === 'FAILED')) process.exitCode = 1
