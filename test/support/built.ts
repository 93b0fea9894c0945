import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')

/** Scans start their threads from `dist`, also where sources are under test: it must not be a stale one. */
export default function setup(): void {
  const isScannerBuilt = newest('scanner') <= newest('src/audit/scanner/program.ts')
  const sources = Math.max(newest('src'), newest('rolldown.config.mjs'))
  if (isScannerBuilt && sources <= newest('dist/bin')) return
  const { status, stdout } = spawnSync('npm', ['run', 'build'], { cwd: root, encoding: 'utf8' })
  // What can be built is there; whether the types are right is another question.
  if (status !== 0) process.stderr.write(stdout)
}

/** Time of the last change of a file or in a folder, in milliseconds; 0 where there is none. */
function newest(name: string): number {
  const whole = path.join(root, name)
  const stats = statSync(whole, { throwIfNoEntry: false })
  if (!stats) return 0
  if (!stats.isDirectory()) return stats.mtimeMs
  const files = readdirSync(whole, { recursive: true, encoding: 'utf8' })
  return Math.max(0, ...files.map((file) => statSync(path.join(whole, file)).mtimeMs))
}
