// The rows of the comparison: each is a function that runs once and says how many events took how
// long, in wall time and processor time. Where that includes a process's start, it says that too.
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { falcoRules } from './falco-rules.mjs'
import { runNode, runPeer } from './run.mjs'
import { policyFile } from './workloads.mjs'

const root = path.join(import.meta.dirname, '../..')
const cli = path.join(root, 'bin/parapet.cjs')
const peer = path.join(import.meta.dirname, 'peer.mjs')
const FALCO_RULES = 50

/** What everything is compared with. */
export const BASE = 'opa-wasm as its README says'

/** Parapet from a file to findings as JSON lines, a process of its own. */
function parapet(folder, { long, events, scan }, workers) {
  const output = path.join(folder, 'findings.jsonl')
  const one = path.join(folder, 'one.jsonl')
  const run = (logs) => {
    const how = ['--every-stage', '--fail-on', 'none', '-q', '--workers', String(workers)]
    const env = { PARAPET_CACHE_DIR: path.join(folder, 'cache') }
    return runNode([cli, 'scan', ...logs, '-f', 'jsonl', ...how, ...scan], output, env)
  }
  return async () => ({ start: await run([one]), events, ...(await run(long)) })
}

function peerOf(kind, { short, peers }) {
  const { wasm, data, decision } = peers
  return () => runPeer(process.execPath, [peer, kind, short, wasm, data, decision])
}

/** All rows of a workload, by name. */
export function enginesFor(folder, workload) {
  return {
    [BASE]: peerOf('opa-wasm', workload),
    'Parapet, one worker': parapet(folder, workload, 1),
    [`Parapet, ${availableParallelism()} workers`]: parapet(
      folder,
      workload,
      availableParallelism(),
    ),
    'raw `opa_eval`, with proof': peerOf('opa_eval', workload),
  }
}

/** What the reference workload is compared with besides. */
export function others(folder, workload, opaGo) {
  const rules = path.join(folder, 'falco.yaml')
  writeFileSync(rules, falcoRules(FALCO_RULES))
  const falco = { ...workload, scan: ['--falco', rules] }
  return {
    ...(opaGo
      ? { 'OPA in Go, prepared query': () => runPeer(opaGo, [policyFile, workload.short]) }
      : {}),
    [`Parapet, ${FALCO_RULES} Falco rules, one worker`]: parapet(folder, falco, 1),
    '`JSON.parse` alone': peerOf('JSON.parse', workload),
    'newline search alone': peerOf('newlines', workload),
  }
}

/** OPA's own engine, built where Go is; else undefined, with a reason. */
export function buildOpaGo(folder) {
  if (spawnSync('go', ['version']).status !== 0) {
    console.log('No row for OPA in Go: there is no Go toolchain.\n')
    return undefined
  }
  const binary = path.join(folder, 'opa-bench')
  try {
    execFileSync('go', ['build', '-o', binary, './bench'], {
      cwd: path.join(root, 'toolchain'),
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, GOFLAGS: '-mod=readonly' },
    })
    return binary
  } catch (error) {
    console.log(`No row for OPA in Go: it cannot be built: ${String(error.stderr).trim()}\n`)
    return undefined
  }
}
