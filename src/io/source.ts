import { readFile, stat } from 'node:fs/promises'
import type { Document } from '../text/document.ts'
import { ParapetError } from '../text/error.ts'
import { SOURCE_BYTES_MAX } from '../text/limits.ts'

/**
 * Reads a text file that a person wrote: data, rules, configuration.
 * @param shown the name for messages
 * @throws ParapetError `FILE_UNREADABLE`, `FILE_TOO_LARGE`
 */
export async function readSource(file: string, shown: string): Promise<Document> {
  try {
    const { size } = await stat(file)
    if (size > SOURCE_BYTES_MAX) {
      throw new ParapetError('FILE_TOO_LARGE', `the file has ${size} bytes`, {
        file: shown,
        help: `at most ${SOURCE_BYTES_MAX} bytes are read`,
      })
    }
    return { file: shown, text: await readFile(file, 'utf8') }
  } catch (cause) {
    if (cause instanceof ParapetError) throw cause
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new ParapetError('FILE_UNREADABLE', `the file cannot be read (${reason})`, {
      file: shown,
      help: 'check the path and its permissions',
      cause,
    })
  }
}
