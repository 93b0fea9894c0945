// The logs that are measured on, made in a folder: each once for slow engines and many times over for
// fast ones, with the policy and the decision that are asked about it.
import { execFileSync } from 'node:child_process'
import { closeSync, linkSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { provedEvent } from '../../dist/audit/prove.js'
import { policyPlace, readCompiled } from '../../dist/io/policy/policies.js'
import { readPolicyFolder } from '../../dist/io/policy/policy-folder.js'
import { Policy } from '../../dist/rego/policy.js'
import { compileDecision } from '../../dist/toolchain/decision.js'
import { Toolchain } from '../../dist/toolchain/toolchain.js'

const here = import.meta.dirname
const DECISION = 'guardrails/violations'
/** The generator's numbers are too large for it beyond this. */
const GENERATED = 100_000
/** Copies of the recording in the log of recordings. */
const RECORDINGS = 100
/**
 * Names of the files of generated events: as many files to read, and one to hold in the page cache. With
 * fewer, what is measured of two threads would be how they start.
 */
const NAMES = 8
const NAMES_QUIET = 16

export const policyFile = path.join(here, 'policy.rego')

/** @param events how many the files of the long logs have at least */
export async function makeWorkloads(folder, events) {
  const reference = await referencePolicy(folder)
  const recorded = await portablePolicy(folder)
  execFileSync(process.execPath, [path.join(here, 'generate-events.mjs'), String(GENERATED)], {
    cwd: folder,
  })
  const log = path.join(folder, 'events.jsonl')
  const quiet = path.join(folder, 'quiet.jsonl')
  writeFileSync(quiet, await withoutFindings(readFileSync(log), reference.wasm))
  const recordings = path.join(folder, 'recordings.jsonl')
  repeat(path.join(here, '../recordings/cluster.jsonl'), recordings, RECORDINGS)
  const ours = ['--policy', policyFile, '--decision', DECISION]
  const workload = (name, short, names, peers, scan) => {
    const [first, ...more] = Array.from({ length: names }, (_, i) =>
      short.replace('.jsonl', `-long-${i}.jsonl`),
    )
    const count = countLines(readFileSync(short))
    const copies = Math.ceil(events / count)
    repeat(short, first, copies)
    for (const other of more) linkSync(first, other)
    return { name, short, long: [first, ...more], events: count * copies * names, peers, scan }
  }
  return {
    reference: workload('reference workload', log, NAMES, reference, ours),
    quiet: workload('reference workload without its findings', quiet, NAMES_QUIET, reference, ours),
    recordings: workload('recordings', recordings, 1, recorded, []),
  }
}

async function referencePolicy(folder) {
  const toolchain = Toolchain.open()
  const { policy } = await readPolicyFolder(policyFile)
  const { wasm, data } = await compileDecision(toolchain, policy, DECISION)
  await toolchain.close()
  return store(folder, 'reference', wasm, data, DECISION)
}

/** The guardrails that come with Parapet, as far as every SDK can evaluate them. */
async function portablePolicy(folder) {
  const { wasm, data } = await readCompiled(policyPlace('builtin', '/').path, 'builtin', undefined)
  return store(folder, 'portable', wasm, JSON.stringify(data), 'guardrails/portable')
}

function store(folder, name, wasm, data, decision) {
  const files = { wasm: path.join(folder, `${name}.wasm`), data: path.join(folder, `${name}.json`) }
  writeFileSync(files.wasm, wasm)
  writeFileSync(files.data, data)
  return { ...files, decision }
}

async function withoutFindings(bytes, wasm) {
  const policy = await Policy.load(readFileSync(wasm))
  const entrypoint = policy.entrypoint(DECISION)
  const kept = []
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at)
    const event = bytes.subarray(at, end)
    if (!policy.decide(entrypoint, provedEvent(event, 0, event.length))) kept.push(event, '\n')
    at = end + 1
  }
  return Buffer.concat(kept.map((part) => Buffer.from(part)))
}

function repeat(from, to, copies) {
  const bytes = readFileSync(from)
  const fd = openSync(to, 'w')
  for (let i = 0; i < copies; i++) writeSync(fd, bytes)
  closeSync(fd)
}

function countLines(bytes) {
  let count = 0
  for (let at = 0; (at = bytes.indexOf(0x0a, at) + 1) > 0;) count++
  return count
}
