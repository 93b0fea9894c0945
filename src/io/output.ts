import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Writable } from 'node:stream'
import { ParapetError } from '../text/error.ts'
import { write } from './input/stream.ts'

/** A place for a report: standard output, or a file that appears only when it is whole. */
export interface Output {
  write(text: string): Promise<void>
  /** Makes the file appear. */
  close(): Promise<void>
  /** Makes sure that no file appears, where the work was not completed. Does nothing once it is closed. */
  discard(): Promise<void>
}

/** Text is handed on in pieces of about this size, in characters. */
const BUFFER_CHARACTERS = 64 * 1024

/**
 * Opens standard output, or with `file` a temporary file beside it that takes its name in `close`.
 * @throws ParapetError `OUTPUT_FAILED`
 */
export async function openOutput(
  io: { readonly stdout: Writable; readonly cwd: string },
  file: string | undefined,
): Promise<Output> {
  if (file === undefined || file === '-') {
    return buffered(io.stdout)
  }
  const target = path.resolve(io.cwd, file)
  const temporary = `${target}.${process.pid}.tmp`
  const failed = (cause: unknown): ParapetError =>
    new ParapetError('OUTPUT_FAILED', `\`${file}\` cannot be written: ${messageOf(cause)}`, {
      help: 'check that the folder exists and that you may write there',
      cause,
    })
  const handle = await open(temporary, 'w').catch((cause) => {
    throw failed(cause)
  })
  let pending = ''
  let isDone = false
  return {
    async write(text) {
      pending += text
      if (pending.length < BUFFER_CHARACTERS) return
      const piece = pending
      pending = ''
      await handle.write(piece)
    },
    async close() {
      isDone = true
      try {
        await handle.write(pending)
        await handle.close()
        await rename(temporary, target)
      } catch (cause) {
        await rm(temporary, { force: true })
        throw failed(cause)
      }
    },
    async discard() {
      if (isDone) return
      isDone = true
      await handle.close()
      await rm(temporary, { force: true })
    },
  }
}

/**
 * Collects texts that come one right after the other: a write for each finding would cost more than
 * to find it. Nothing is held back while the process waits for input.
 */
function buffered(stream: Writable): Output {
  let pending = ''
  let isDue = false
  /** Pieces go out one after the other, and whoever writes waits for the one before. */
  let last: Promise<void> = Promise.resolve()
  const flush = (): Promise<void> => {
    if (pending !== '') {
      const piece = pending
      pending = ''
      last = last.then(() => write(stream, piece))
    }
    return last
  }
  return {
    write(text) {
      pending += text
      if (pending.length >= BUFFER_CHARACTERS) return flush()
      if (!isDue) {
        isDue = true
        setImmediate(() => {
          isDue = false
          void flush()
        })
      }
      return last
    },
    close: flush,
    async discard() {},
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
