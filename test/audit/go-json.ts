import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findTool } from '../tools.ts'

const source = path.join(import.meta.dirname, 'go-json/main.go')

/**
 * Go's own JSON decoder, as OPA uses it: for each text its value in Go's spelling, null where Go
 * refuses it. Undefined where there is no Go, which is said.
 */
export function goDecoder():
  | { decode(texts: readonly Uint8Array[]): (string | null)[]; folder: string }
  | undefined {
  const go = findTool('go', 'a Go release from your system or the Go project')
  if (!go) return undefined
  const folder = mkdtempSync(path.join(tmpdir(), 'parapet-go-'))
  const program = path.join(folder, 'go-json')
  execFileSync(go, ['build', '-o', program, source], { stdio: 'pipe' })
  return {
    folder,
    decode(texts) {
      const frames = texts.flatMap((text) => {
        const length = Buffer.alloc(4)
        length.writeUInt32LE(text.length)
        return [length, text]
      })
      const { stdout } = spawnSync(program, {
        input: Buffer.concat(frames),
        maxBuffer: 1 << 30,
      })
      const lines = stdout.toString().split('\n').slice(0, -1)
      return lines.map((line) => (line === 'null' ? null : line))
    },
  }
}
