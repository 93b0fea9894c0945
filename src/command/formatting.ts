import path from 'node:path'
import { exit, type ExitCode } from '../exit.ts'
import { writeWhole } from '../io/write-file.ts'
import { countText } from '../report/words.ts'
import type { Document } from '../text/document.ts'
import { type Io, write } from './io.ts'

/** Puts formatted files back, or only names them, and says at the end how many there were. */
export class Formatting {
  readonly #isCheck: boolean
  readonly #io: Io
  #changed = 0
  #refused = 0

  /** @param isCheck nothing is written, and a file that is not formatted is a bad answer */
  constructor(isCheck: boolean, io: Io) {
    this.#isCheck = isCheck
    this.#io = io
  }

  /** Takes a file and what it should be. */
  async formatted({ file, text: before }: Document, text: string): Promise<void> {
    if (text === before) return
    this.#changed += 1
    await write(this.#io.stdout, `${file}\n`)
    if (!this.#isCheck) await writeWhole(path.resolve(this.#io.cwd, file), text, { shown: file })
  }

  /** @param why a file could not be formatted, as text for people */
  async refused(why: string): Promise<void> {
    this.#refused += 1
    await write(this.#io.stderr, why)
  }

  async end(): Promise<ExitCode> {
    const what = this.#isCheck ? 'not formatted' : 'formatted'
    await write(this.#io.stderr, `${countText(this.#changed, 'file')} ${what}\n`)
    if (this.#refused > 0) return exit.unanswered
    return this.#isCheck && this.#changed > 0 ? exit.bad : exit.ok
  }
}
