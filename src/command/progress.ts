import type { Io } from './io.ts'
import { bytesText } from '../report/words.ts'

/** A progress line on a terminal. */
export interface Progress<T extends readonly number[] = [bytes: number]> {
  update(...values: T): void
  stop(): void
}

const silent: Progress<number[]> = { update() {}, stop() {} }

/** Cells of a bar. */
const WIDTH = 24

/**
 * A line with bytes as stored (before decompression), rate and time left on stderr. Silent where
 * stderr is no terminal, in CI, and with `--quiet`.
 * @param total bytes to read; undefined where an input has no size, such as standard input
 */
export async function startProgress(
  io: Io,
  total: number | undefined,
  quiet: boolean,
): Promise<Progress> {
  if (quiet || !isShown(io)) return silent
  const started = performance.now()
  const { openBar } = await import('./bar.ts')
  const bar = openBar(io, ({ value, progress, eta }) => {
    const seconds = (performance.now() - started) / 1000
    const rate = `${bytesText(Math.round(value / Math.max(seconds, 0.001)))}/s`
    if (total === undefined) return `${bytesText(value)} read, ${rate}`
    return `${cells(progress)} ${bytesText(value)} of ${bytesText(total)}, ${rate}, ${String(eta)} s left`
  })
  bar.start(total ?? 0, 0)
  return { update: (bytes) => bar.update(bytes), stop: () => bar.stop() }
}

/** A line with how many of something are done: `3 of 51 guardrails mutated`. Silent as the other. */
export async function startCount(
  io: Io,
  noun: string,
): Promise<Progress<[done: number, total: number]>> {
  if (!isShown(io)) return silent
  const { openBar } = await import('./bar.ts')
  const bar = openBar(
    io,
    ({ value, total, progress }) => `${cells(progress)} ${value} of ${total} ${noun}`,
  )
  let isStarted = false
  return {
    update: (done, total) => {
      if (!isStarted) bar.start(total, 0)
      isStarted = true
      bar.setTotal(total)
      bar.update(done)
    },
    stop: () => {
      if (isStarted) bar.stop()
    },
  }
}

function isShown(io: Io): boolean {
  return io.stderr.isTTY === true && !io.env['CI']
}

function cells(progress: number): string {
  const done = Math.round(Math.min(progress, 1) * WIDTH)
  return `${'█'.repeat(done)}${'░'.repeat(WIDTH - done)}`
}
