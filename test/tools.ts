import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** Where `npm run test:e2e` puts the Go tools that it installs. */
export const TOOLS: string =
  process.env['PARAPET_TOOLS_DIR'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'parapet', 'tools')

const said = new Set<string>()

/**
 * The path of a real program that tests hold Parapet against, from the tools folder or PATH. Where
 * it is missing, the reason is printed once and tests skip with `describe.skipIf(!tool)`; with
 * `PARAPET_REQUIRE_TOOLS` it is an error instead.
 */
export function findTool(name: string, how: string): string | undefined {
  for (const folder of [TOOLS, ...(process.env['PATH'] ?? '').split(delimiter)]) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // Not in this folder.
    }
  }
  if (process.env['PARAPET_REQUIRE_TOOLS']) throw new Error(`no \`${name}\` found`)
  if (!said.has(name))
    process.stderr.write(`skipped: no \`${name}\` found; install it with ${how}\n`)
  said.add(name)
  return undefined
}

/** OPA 1.22.2 with its WASM runtime. */
export function findOpa(): string | undefined {
  return findTool(
    'opa',
    `GOBIN=${TOOLS} go install -tags=opa_wasm github.com/open-policy-agent/opa@v1.22.2`,
  )
}
