// `npm run bench`: events per second on the reference workload (generate-events.mjs, policy.rego) and
// on the recording, as ratios taken in one run. Each engine runs in turn, several rounds, on one
// thread; the medians are compared. Nothing here judges: run it on a quiet machine.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { execFileSync } from 'node:child_process'
import { loadPolicy } from '@open-policy-agent/opa-wasm'
import { prove, provedEvent } from '../../dist/audit/prove.js'
import { scan } from '../../dist/io/scan.js'
import { readPolicyFolder } from '../../dist/io/policy-folder.js'
import { Policy } from '../../dist/rego/policy.js'
import { compileDecision } from '../../dist/toolchain/decision.js'
import { Toolchain } from '../../dist/toolchain/toolchain.js'

const EVENTS = Number(process.env.BENCH_EVENTS ?? 100_000)
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5)
const DECISION = 'guardrails/violations'
const here = import.meta.dirname
const folder = mkdtempSync(path.join(tmpdir(), 'parapet-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

execFileSync(process.execPath, [path.join(here, 'generate-events.mjs'), String(EVENTS)], {
  cwd: folder,
})
const log = path.join(folder, 'events.jsonl')
const bytes = readFileSync(log)
const lines = linesOf(bytes)
const quiet = path.join(folder, 'quiet.jsonl')

const policyFile = path.join(here, 'policy.rego')
const toolchain = Toolchain.open()
const { policy: sources } = await readPolicyFolder(policyFile)
const { wasm } = await compileDecision(toolchain, sources, DECISION)
await toolchain.close()
const ours = await Policy.load(wasm)
const entrypoint = ours.entrypoint(DECISION)
const theirs = await loadPolicy(wasm)
const decoder = new TextDecoder()

// The same workload without the events that give a finding.
writeFileSync(
  quiet,
  Buffer.concat(lines.filter((line) => !decide(line)).flatMap((line) => [line, Buffer.from('\n')])),
)

const engines = {
  'opa-wasm as its README says': () => {
    for (const line of lines) theirs.evaluate(JSON.parse(decoder.decode(line)))
  },
  'raw bytes with proof': () => {
    for (const line of lines) decide(line)
  },
  'JSON.parse alone': () => {
    for (const line of lines) JSON.parse(decoder.decode(line))
  },
  'newline search alone': () => {
    for (let at = 0; (at = bytes.indexOf(0x0a, at) + 1) > 0;);
  },
  'scan, from file to findings': await scanOf(log),
  'scan, nothing to find': await scanOf(quiet),
}

const rates = Object.fromEntries(Object.keys(engines).map((name) => [name, []]))
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const [name, run] of Object.entries(engines)) {
    const started = performance.now()
    const events = (await run()) ?? lines.length
    const seconds = (performance.now() - started) / 1000
    // The first round warms up.
    if (round > 0) rates[name].push(events / seconds)
  }
}

const base = median(rates['opa-wasm as its README says'])
console.log(
  `${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.versions.node}; ${lines.length} events, medians of ${ROUNDS} rounds in turn\n`,
)
console.log('| engine | µs an event | events/s | against opa-wasm |')
console.log('|---|---:|---:|---:|')
for (const [name, measured] of Object.entries(rates)) {
  const rate = median(measured)
  console.log(
    `| ${name} | ${(1e6 / rate).toFixed(2)} | ${Math.round(rate).toLocaleString('en-US')} | ${(rate / base).toFixed(2)} |`,
  )
}

function decide(line) {
  if (prove(line, 0, line.length) !== 0) throw new Error('the workload has a line that is no event')
  return ours.decide(entrypoint, provedEvent(line, 0, line.length))
}

/** A scan of a file, whose policy is loaded before the clock starts. */
async function scanOf(file) {
  const options = { policies: [policyFile], decisions: [DECISION], everyStage: true }
  const ready = []
  for (let round = 0; round <= ROUNDS; round += 1) ready.push(await scan([file], options))
  return async () => {
    const run = ready.shift()
    for await (const finding of run) if (finding.rule === '') throw new Error('no rule')
    return run.summary.events
  }
}

function linesOf(buffer) {
  const found = []
  for (let at = 0; at < buffer.length;) {
    const end = buffer.indexOf(0x0a, at)
    found.push(buffer.subarray(at, end))
    at = end + 1
  }
  return found
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
