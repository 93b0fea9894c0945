import { spawnSync } from 'node:child_process'

/** Folder of a Go module, fetched by name where Go is there; undefined where it cannot be had. */
export function goModule(name: string): string | undefined {
  const { status, stdout } = spawnSync('go', ['mod', 'download', '-json', name], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  return status === 0 ? (JSON.parse(stdout) as { Dir?: string }).Dir : undefined
}
