import { readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { ParapetError } from '../../text/error.ts'
import { READ_BYTES } from '../../text/limits.ts'
import { gunzip, isGzip } from './gunzip.ts'

/** A file is read in so many chunks before the process looks after signals, timers and its output. */
const CHUNKS_AT_ONCE = 4

/**
 * The bytes of a file, read when they are asked for. A chunk is valid until the next is asked for.
 *
 * @param shown the name for messages
 * @throws ParapetError `INPUT_UNREADABLE`
 */
export async function* readFile(
  path: string,
  shown: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const handle = await orUnreadable(open(path), shown)
  try {
    const stats = await orUnreadable(handle.stat(), shown)
    yield* stats.isFile() ? readDirectly(handle, shown) : readAhead(handle, shown)
  } finally {
    await handle.close()
  }
}

/**
 * For files on a disk, which the operating system reads ahead by itself: to hand a read to another
 * thread and to hear of its end takes longer than to copy what is there.
 */
async function* readDirectly(
  handle: FileHandle,
  shown: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = Buffer.alloc(READ_BYTES)
  for (let turn = 1; ; turn++) {
    let length: number
    try {
      length = readSync(handle.fd, buffer, 0, buffer.length, null)
    } catch (cause) {
      throw unreadable(shown, cause)
    }
    if (length === 0) return
    yield buffer.subarray(0, length)
    if (turn % CHUNKS_AT_ONCE === 0) await setImmediate()
  }
}

/** For pipes and the like: the next chunk is waited for while the caller works on the current one. */
async function* readAhead(
  handle: FileHandle,
  shown: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffers = [Buffer.alloc(READ_BYTES), Buffer.alloc(READ_BYTES)] as const
  let reading = read(handle, buffers[0])
  try {
    for (let turn = 0; ; turn = 1 - turn) {
      const length = await orUnreadable(reading, shown)
      if (length === 0) return
      reading = read(handle, buffers[turn === 0 ? 1 : 0])
      yield buffers[turn]!.subarray(0, length)
    }
  } finally {
    await reading.catch(() => 0)
  }
}

async function read(handle: FileHandle, buffer: Buffer): Promise<number> {
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, null)
  return bytesRead
}

async function orUnreadable<T>(result: Promise<T>, shown: string): Promise<T> {
  try {
    return await result
  } catch (cause) {
    throw unreadable(shown, cause)
  }
}

/**
 * Opens a file to read any part of it; undefined for what is no file on a disk, and for gzip, which
 * can be read from its beginning only.
 *
 * @throws ParapetError `INPUT_UNREADABLE`
 */
export async function openPlain(path: string, shown: string): Promise<FileHandle | undefined> {
  const handle = await orUnreadable(open(path), shown)
  try {
    const stats = await orUnreadable(handle.stat(), shown)
    const head = Buffer.alloc(2)
    if (stats.isFile()) {
      await orUnreadable(handle.read(head, 0, head.length, 0), shown)
      if (!isGzip(head)) return handle
    }
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  return undefined
}

/** The error for a path that exists and cannot be read. */
export function unreadable(shown: string, cause: unknown): ParapetError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
  return new ParapetError('INPUT_UNREADABLE', `the input cannot be read (${reason})`, {
    file: shown,
    help: 'check its permissions',
    cause,
  })
}

/** The same bytes, unpacked where they are gzip. Errors as `gunzip` has them. */
export async function* unpacked(
  chunks: AsyncIterable<Uint8Array>,
  shown: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = chunks[Symbol.asyncIterator]()
  try {
    const head = await firstBytes(source)
    if (isGzip(head)) return yield* gunzip(prepend(head, source), shown)
    if (head.length > 0) yield head
    for (;;) {
      const { value, done } = await source.next()
      if (done === true) return
      yield value
    }
  } finally {
    await source.return?.()
  }
}

/** The first chunk, made longer where it is too short to tell what it is. */
async function firstBytes(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < 2) {
    const { value, done } = await source.next()
    if (done === true) break
    head = head.length === 0 ? value : Buffer.concat([head, value])
  }
  return head
}

async function* prepend(
  head: Uint8Array,
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield head
  for (;;) {
    const { value, done } = await source.next()
    if (done === true) return
    yield value
  }
}
