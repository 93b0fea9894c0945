// `npm run bench`: events a second on the reference workload (generate-events.mjs, policy.rego), on
// the same without its findings, and on recordings; what guardrails cost as they grow; and start-up.
// Everything runs in turn, several rounds, and medians are compared. Nothing here judges: run it on a
// quiet machine. `--write` puts the tables into docs/performance.md.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { BASE, buildOpaGo, enginesFor, others } from './engines.mjs'
import { measureFlat } from './flat.mjs'
import { measureStartup } from './startup.mjs'
import { keep, median, number, table } from './table.mjs'
import { makeWorkloads } from './workloads.mjs'

const EVENTS = Number(process.env.BENCH_EVENTS ?? 2_000_000)
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5)
const docs = path.join(import.meta.dirname, '../../docs/performance.md')

const folder = mkdtempSync(path.join(tmpdir(), 'parapet-bench-'))
try {
  const text = await measureAll()
  console.log(text)
  if (process.argv.includes('--write')) keep(docs, 'bench', text)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measureAll() {
  const workloads = await makeWorkloads(folder, EVENTS)
  const [event] = readFileSync(workloads.reference.short, 'utf8').split('\n', 1)
  writeFileSync(path.join(folder, 'one.jsonl'), `${event}\n`)
  const opaGo = buildOpaGo(folder)
  const parts = [machine()]
  for (const workload of Object.values(workloads)) {
    const isReference = workload === workloads.reference
    const engines = {
      ...enginesFor(folder, workload),
      ...(isReference ? others(folder, workload, opaGo) : {}),
    }
    parts.push(`### On the ${workload.name}`, await compare(engines))
  }
  parts.push('### As guardrails grow', growth(workloads.quiet.short))
  parts.push('### Start-up', startup(event))
  return parts.join('\n\n')
}

function machine() {
  const [cpu] = cpus()
  const go = version('go', ['version'], /go([\d.]+)/)
  return [
    `${cpu.model.trim()}, ${cpus().length} cores, Node ${process.versions.node}`,
    ...(go ? [`Go ${go}`] : []),
    `medians of ${ROUNDS} rounds in turn, on ${new Date().toISOString().slice(0, 10)}.`,
  ].join(', ')
}

function version(command, args, pattern) {
  try {
    return pattern.exec(execFileSync(command, args, { encoding: 'utf8' }))?.[1]
  } catch {
    return undefined
  }
}

/** Runs all engines in turn, and sets them against the base. */
async function compare(engines) {
  const names = Object.keys(engines)
  const runs = new Map(names.map((name) => [name, []]))
  // Once without a clock: what is compiled for a policy is kept.
  for (const name of names) await engines[name]()
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) runs.get(name).push(await engines[name]())
  }
  const wall = rates(runs, 'seconds')
  const cpu = rates(runs, 'cpu')
  const rows = names.map((name) => {
    const memory = Math.max(...runs.get(name).map(({ rss = 0 }) => rss))
    return [
      name,
      number(1e6 / wall.get(name), 2),
      number(wall.get(name)),
      number(wall.get(name) / wall.get(BASE), 2),
      number(1e6 / cpu.get(name), 2),
      number(cpu.get(name) / cpu.get(BASE), 2),
      memory > 0 ? number(memory / 1e6) : '',
    ]
  })
  const heads = ['engine', 'µs an event', 'events/s', 'against opa-wasm']
  return table([...heads, 'processor µs', 'against opa-wasm', 'peak MB'], rows)
}

/** Events a second of each, by one of its times, without the start of the process. */
function rates(runs, time) {
  return new Map(
    [...runs].map(([name, all]) => {
      const start = median(all.map((run) => run.start?.[time] ?? 0))
      return [name, all[0].events / (median(all.map((run) => run[time])) - start)]
    }),
  )
}

function growth(log) {
  const [few, ...more] = measureFlat(log)
  const rows = [few, ...more].map(({ count, setup, first, learned }) => [
    number(count),
    number(learned),
    number(learned / few.learned, 2),
    number(first),
    number(setup),
  ])
  const heads = ['guardrails', 'ns an event', 'against 10', 'while it learns', 'ms to set up']
  return table(heads, rows)
}

function startup(event) {
  const stages = measureStartup(folder, event, ROUNDS * 3)
  const rows = stages.map(({ name, more, whole }) => [name, number(more), number(whole)])
  return table(['up to here', 'ms', 'ms in all'], rows)
}
