// Builds out/opa.wasm, OPA's compiler as WebAssembly. Runs after tsc in `npm prepare`, so on every
// `npm ci`; it does nothing when neither its inputs nor its output have changed.
//
// It never fails an installation. Scanning with the built-in bundle needs no compiler, and somebody
// without Go or without a network must be able to `npm ci`; what went wrong is printed, and the
// verbs that need the compiler say so when they are used. `--strict` exits with 1 instead, for CI.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const wasm = join(folder, 'out', 'opa.wasm')
const stamp = join(folder, 'out', 'opa.json')
const needs =
  'compiling Rego (--policy, check, test, build) needs it, scanning with the built-in guardrails does not'

// -buildvcs=false and -trimpath keep commit and machine out of the module.
const flags = [
  '-buildmode=c-shared',
  '-trimpath',
  '-buildvcs=false',
  '-mod=readonly',
  '-ldflags=-s -w',
]
const platform = { GOOS: 'wasip1', GOARCH: 'wasm', GOWORK: 'off', GOEXPERIMENT: '' }

const inputs = hashInputs()
if (isCurrent()) process.exit(0)
build()

function hashInputs() {
  const files = readdirSync(folder)
    .filter((name) => /^go\.(mod|sum)$|(?<!_test)\.go$|^build\.mjs$/.test(name))
    .sort()
  const hash = createHash('sha256').update(JSON.stringify([flags, platform]))
  for (const name of files) {
    const bytes = readFileSync(join(folder, name))
    hash.update(`\0${name}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}

/** Whether the output was built from these inputs and is still what was built. */
function isCurrent() {
  if (!existsSync(stamp) || !existsSync(wasm)) return false
  try {
    const built = JSON.parse(readFileSync(stamp, 'utf8'))
    return built.inputs === inputs && built.sha256 === sha256(wasm)
  } catch {
    return false
  }
}

function build() {
  const started = performance.now()
  mkdirSync(join(folder, 'out'), { recursive: true })
  // A unique name, renamed when complete: a build beside this one never shows half a module.
  const partial = join(folder, 'out', `opa.${process.pid}.partial`)
  const run = spawnSync('go', ['build', ...flags, '-o', partial, '.'], {
    cwd: folder,
    env: { ...process.env, ...platform },
    encoding: 'utf8',
  })
  if (run.error?.code === 'ENOENT') {
    return fail(
      `parapet: no Go on PATH, so the embedded OPA compiler is not built; ${needs}. Install Go (https://go.dev/dl) and run \`npm run prepare\`.`,
    )
  }
  if (run.error || run.status !== 0) {
    rmSync(partial, { force: true })
    return fail(
      `${run.error?.message ?? run.stderr.trimEnd()}\nparapet: building the embedded OPA compiler failed, see above; ${needs}. Run \`npm run prepare\` to try again.`,
    )
  }
  // The stamp goes first and comes last: in between, an interrupted build counts as none.
  rmSync(stamp, { force: true })
  renameSync(partial, wasm)
  writeFileSync(stamp, `${JSON.stringify({ inputs, sha256: sha256(wasm) })}\n`)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`parapet: built the embedded OPA compiler in ${seconds} s`)
}

function fail(message) {
  console.error(message)
  if (process.argv.includes('--strict')) process.exitCode = 1
}
