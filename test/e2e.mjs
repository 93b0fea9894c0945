/**
 * `npm run test:e2e`: installs the real programs that Parapet is held against (OPA, a registry,
 * oras, Conftest, cosign) with Go, then runs their tests, which may skip nothing.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import process from 'node:process'

const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache')
const tools = process.env['PARAPET_TOOLS_DIR'] ?? path.join(cache, 'parapet', 'tools')

/** Program → its Go module, at the version that the tests were written against, and build tags. */
const programs = {
  opa: { module: 'github.com/open-policy-agent/opa@v1.22.2', flags: ['-tags=opa_wasm'] },
  registry: { module: 'github.com/distribution/distribution/v3/cmd/registry@v3.1.2', flags: [] },
  oras: { module: 'oras.land/oras/cmd/oras@v1.3.6', flags: [] },
  conftest: { module: 'github.com/open-policy-agent/conftest@v0.71.1', flags: [] },
  cosign: { module: 'github.com/sigstore/cosign/v2/cmd/cosign@v2.6.5', flags: [] },
}

mkdirSync(tools, { recursive: true })
for (const [name, { module, flags }] of Object.entries(programs)) {
  if (existsSync(path.join(tools, name))) continue
  process.stdout.write(`installing ${module}\n`)
  run('go', ['install', ...flags, module], { GOBIN: tools })
}

const files = [
  'test/bundle',
  'test/server',
  'test/io/oci',
  'test/io/build',
  'test/command/bundle',
  'test/command/deploy',
  'test/command/serve',
  'test/toolchain',
]
run('npx', ['vitest', 'run', '--project', 'fast', ...files], {
  PARAPET_REQUIRE_TOOLS: '1',
  PARAPET_TOOLS_DIR: tools,
})

function run(program, args, env) {
  const options = { stdio: 'inherit', env: { ...process.env, ...env } }
  const { status, error } = spawnSync(program, args, options)
  if (error) process.stderr.write(`${program} cannot be run: ${error.message}\n`)
  if (status !== 0) process.exit(status ?? 1)
}
