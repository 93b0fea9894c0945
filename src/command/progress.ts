import type { Io } from './io.ts'
import { bytesText } from '../report/words.ts'

/** A progress line on a terminal. */
export interface Progress {
  /** @param bytes read so far, as stored (before decompression) */
  update(bytes: number): void
  stop(): void
}

const silent: Progress = { update() {}, stop() {} }

/**
 * A line with bytes, rate and time left on stderr. Silent where stderr is no terminal, in CI, and
 * with `--quiet`.
 * @param total bytes to read; undefined where an input has no size, such as standard input
 */
export async function startProgress(
  io: Io,
  total: number | undefined,
  quiet: boolean,
): Promise<Progress> {
  if (quiet || io.stderr.isTTY !== true || io.env['CI']) return silent
  const { SingleBar } = await import('cli-progress')
  const started = performance.now()
  const bar = new SingleBar({
    stream: io.stderr as NodeJS.WritableStream,
    clearOnComplete: true,
    hideCursor: true,
    fps: 8,
    format: (_options, { value, progress, eta }) => {
      const seconds = (performance.now() - started) / 1000
      const rate = `${bytesText(Math.round(value / Math.max(seconds, 0.001)))}/s`
      if (total === undefined) return `${bytesText(value)} read, ${rate}`
      const width = 24
      const done = Math.round(Math.min(progress, 1) * width)
      const line = `${'█'.repeat(done)}${'░'.repeat(width - done)}`
      return `${line} ${bytesText(value)} of ${bytesText(total)}, ${rate}, ${String(eta)} s left`
    },
  })
  bar.start(total ?? 0, 0)
  return { update: (bytes) => bar.update(bytes), stop: () => bar.stop() }
}
