import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { ParapetError } from '../text/error.ts'

export interface DecisionLogOptions {
  /** Size at which a new file is begun, in bytes. */
  readonly bytesMax: number
  /** Files that are kept, the current one included: `decisions.jsonl`, `.1`, `.2` … */
  readonly keep: number
}

/** Decisions as JSON lines in a file that is rotated by size. Writes follow each other. */
export class DecisionLog {
  readonly #file: string
  readonly #options: DecisionLogOptions
  #handle: FileHandle | undefined
  #size = 0
  #last: Promise<void> = Promise.resolve()

  constructor(file: string, options: DecisionLogOptions) {
    this.#file = file
    this.#options = options
  }

  /**
   * Opens the file, so that what is wrong with it shows before anything is received.
   * @throws ParapetError `OUTPUT_FAILED`
   */
  async open(): Promise<void> {
    try {
      await mkdir(path.dirname(this.#file), { recursive: true })
      this.#handle = await open(this.#file, 'a', 0o600)
      this.#size = (await this.#handle.stat()).size
    } catch (cause) {
      throw new ParapetError('OUTPUT_FAILED', `\`${this.#file}\` cannot be written`, {
        file: this.#file,
        cause,
      })
    }
  }

  /** Resolves when the lines are handed to the system. */
  write(lines: readonly string[]): Promise<void> {
    const text = lines.map((line) => `${line}\n`).join('')
    const written = this.#last.then(() => this.#append(text))
    // One failed write must not fail those behind it.
    this.#last = written.catch(() => {})
    return written
  }

  async close(): Promise<void> {
    await this.#last
    await this.#handle?.close()
  }

  async #append(text: string): Promise<void> {
    const bytes = Buffer.from(text)
    if (this.#size > 0 && this.#size + bytes.length > this.#options.bytesMax) await this.#rotate()
    await this.#handle!.write(bytes)
    this.#size += bytes.length
  }

  async #rotate(): Promise<void> {
    await this.#handle!.close()
    const name = (index: number): string => (index === 0 ? this.#file : `${this.#file}.${index}`)
    const last = this.#options.keep - 1
    await rm(name(last), { force: true })
    for (let index = last - 1; index >= 0; index -= 1)
      await rename(name(index), name(index + 1)).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ENOENT') throw cause
      })
    await this.open()
  }
}
