import type { Writable } from 'node:stream'

/** Writes and waits until the stream can take more, so that a slow reader slows the work down. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (text === '' || stream.write(text) || stream.destroyed) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done).off('error', done)
      resolve()
    }
    stream.on('drain', done).on('close', done).on('error', done)
  })
}
