import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { ParapetError } from '../text/error.ts'

export interface WriteOptions {
  /** The name for messages. */
  readonly shown: string
  /** Permissions of a new file, cut by the user's mask. Default 0666. */
  readonly mode?: number
}

/**
 * Writes a file that appears whole or not at all, even if the machine stops in between. Folders
 * that are missing are made.
 * @throws ParapetError `OUTPUT_FAILED`
 */
export async function writeWhole(
  file: string,
  bytes: Uint8Array | string,
  options: WriteOptions,
): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await mkdir(path.dirname(file), { recursive: true })
    const handle = await open(temporary, 'wx', options.mode ?? 0o666)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw outputFailed(options.shown, cause)
  }
}

/**
 * Writes a file that must not exist yet, readable by its owner alone if asked for: nobody else can
 * open it at any moment.
 * @throws ParapetError `OUTPUT_EXISTS`, `OUTPUT_FAILED`
 */
export async function writeNew(
  file: string,
  bytes: Uint8Array | string,
  options: WriteOptions,
): Promise<void> {
  try {
    const handle = await open(file, 'wx', options.mode ?? 0o666)
    try {
      await handle.writeFile(bytes)
    } finally {
      await handle.close()
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw outputFailed(options.shown, cause)
    throw new ParapetError('OUTPUT_EXISTS', `\`${options.shown}\` is there already`, {
      file: options.shown,
      help: 'choose another name, or remove the file',
    })
  }
}

function outputFailed(shown: string, cause: unknown): ParapetError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new ParapetError('OUTPUT_FAILED', `\`${shown}\` cannot be written: ${reason}`, {
    file: shown,
    help: 'check that the folder exists and that you may write there',
    cause,
  })
}
