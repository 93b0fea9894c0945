import { ParapetError } from '../../text/error.ts'
import { readFile, unpacked } from './chunks.ts'
import { findPaths } from './input-paths.ts'

/** One input of a scan: a file or standard input. */
export interface Input {
  /** Shown to the user: the path as given, or `<stdin>`. */
  readonly name: string
  /** The file's path; undefined for standard input. */
  readonly path: string | undefined
  /** As stored (before unpacking), in bytes; undefined for standard input and pipes. */
  readonly size: number | undefined
  /** How much has been read so far, as stored, in bytes. */
  readonly position: number
  /** Says that the file was read up to this position in another way than by its chunks. */
  advance(position: number): void
  /**
   * The bytes, unpacked where they are gzip (which the bytes say, not the name). A chunk is valid
   * until the next one is asked for; nothing is read ahead but one chunk. To be called once.
   *
   * @throws ParapetError `INPUT_UNREADABLE`, `GZIP_TRUNCATED`, `GZIP_CORRUPT`, `GZIP_TRAILING_DATA`,
   *   after all that could be read has come out
   */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>
}

/** Inputs in the order in which they are to be read. */
export interface OpenedInputs {
  readonly inputs: readonly Input[]
  /** What was passed over in folders and why, a line each. */
  readonly notices: readonly string[]
}

export interface InputOptions {
  /** The folder that relative paths start from. */
  readonly cwd: string
  /** What `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array>
}

/**
 * Turns arguments into inputs: files, folders of rotated logs, globs, `-` for standard input. A file
 * that several arguments name is read once, where it comes first.
 *
 * @throws ParapetError with one diagnostic for each argument that cannot be read: `INPUT_NOT_FOUND`,
 *   `INPUT_UNREADABLE`, `INPUT_FOLDER_EMPTY`
 */
export async function openInputs(
  args: readonly string[],
  options: InputOptions,
): Promise<OpenedInputs> {
  const inputs = new Map<string, Input>()
  const notices: string[] = []
  const errors: ParapetError[] = []
  for (const argument of args) {
    if (argument === '-') {
      if (!inputs.has('-')) inputs.set('-', standardInput(options.stdin))
      continue
    }
    try {
      const found = await findPaths(argument, options.cwd)
      notices.push(...found.notices)
      for (const { identity, path, shown, size } of found.paths) {
        if (!inputs.has(identity)) inputs.set(identity, fileInput(path, shown, size))
      }
    } catch (error) {
      if (!(error instanceof ParapetError)) throw error
      errors.push(error)
    }
  }
  ParapetError.throwFirst(errors.map(diagnosticOf))
  return { inputs: [...inputs.values()], notices }
}

function fileInput(path: string, name: string, size: number | undefined): Input {
  return counted({ name, path, size }, () => readFile(path, name))
}

function standardInput(stdin: AsyncIterable<Uint8Array>): Input {
  return counted({ name: '<stdin>', path: undefined, size: undefined }, () => stdin)
}

function counted(
  what: Pick<Input, 'name' | 'path' | 'size'>,
  open: () => AsyncIterable<Uint8Array>,
): Input {
  let position = 0
  async function* count(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of open()) {
      position += chunk.length
      yield chunk
    }
  }
  return {
    ...what,
    get position() {
      return position
    },
    advance: (to) => (position = Math.max(position, to)),
    chunks: () => unpacked(count(), what.name),
  }
}

function diagnosticOf(error: ParapetError): Parameters<typeof ParapetError.throwFirst>[0][number] {
  const { code, message, file, help } = error
  return {
    code,
    severity: 'error',
    message,
    ...(file === undefined ? {} : { file }),
    ...(help === undefined ? {} : { help }),
  }
}
