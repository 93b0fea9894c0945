import type { Readable, Writable } from 'node:stream'
import type { Paint, Style } from '../report/reporter.ts'

/** Everything a verb may touch of the process, handed in so that tests can stand in its place. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working folder that relative paths are read from. */
  readonly cwd: string
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal
}

const codes: Readonly<Record<Style, readonly [number, number]>> = {
  strong: [1, 22],
  dim: [2, 22],
  alarm: [31, 39],
  caution: [33, 39],
  notice: [36, 39],
}

const plain: Paint = (_style, text) => text
const coloured: Paint = (style, text) => {
  const [on, off] = codes[style]
  return `\u001B[${on}m${text}\u001B[${off}m`
}

/** Colours on a terminal only; `NO_COLOR` and `FORCE_COLOR` as their conventions have it. */
export function paintFor(io: Io, stream: { readonly isTTY?: boolean }): Paint {
  if (io.env['NO_COLOR']) return plain
  const forced = io.env['FORCE_COLOR']
  if (forced !== undefined && forced !== '0') return coloured
  return stream.isTTY === true && io.env['TERM'] !== 'dumb' ? coloured : plain
}

export { write } from '../io/input/stream.ts'
