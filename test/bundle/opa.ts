import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder under the system's temporary one, removed after `use`. */
export async function withFolder<T>(use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes files given by their relative path, with the folders they need. */
export function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

export interface Run {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs a program to its end, without a shell. */
export function run(program: string, args: readonly string[], cwd?: string): Run {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (error) throw error
  return { code: status, stdout, stderr }
}

/** Runs a program that must succeed, and returns what it printed. */
export function must(program: string, args: readonly string[], cwd?: string): string {
  const { code, stdout, stderr } = run(program, args, cwd)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} gave ${code}: ${stderr}${stdout}`)
  return stdout
}
