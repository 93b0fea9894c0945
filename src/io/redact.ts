import type { Pseudonyms } from '../audit/pseudonym/pseudonyms.ts'
import type { Kind } from '../audit/redact/kinds.ts'
import { redactedLog, type RedactedLog } from '../audit/redact/log.ts'
import { EventSplitter } from '../audit/split.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import { type Input, openInputs } from './input/inputs.ts'

export interface RedactOptions {
  /** Replaces the names in each event, after its redaction. */
  readonly pseudonyms?: Pseudonyms | undefined
  /** The folder that relative paths are read from; the process's own by default. */
  readonly cwd?: string
  /** What `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array>
  readonly signal?: AbortSignal
  /** Receives each line that is no event; it is not in the result. */
  readonly onIncomplete?: (diagnostic: LocatedDiagnostic) => void
  /** Called now and then with the bytes read so far, as stored. */
  readonly onProgress?: (position: number) => void
  /** Receives what a user should know and what is no error, such as files that were passed over. */
  readonly onNotice?: (text: string) => void
}

/** What became of a log. */
export interface RedactionSummary {
  /** Events that were written. */
  readonly events: number
  /** Lines and files that were left out, because they could not be read or are no events. */
  readonly malformed: number
  /** How many values were taken out, by kind. */
  readonly removed: Readonly<Partial<Record<Kind, number>>>
  /** How many names and addresses were replaced by pseudonyms. */
  readonly renamed: number
}

/**
 * Rewrites audit logs without secrets. What can be wrong with the inputs is thrown here; reading
 * begins when the result is iterated.
 *
 * @param inputs files, folders of rotated logs, globs, `-` for standard input
 * @throws ParapetError
 */
export async function redact(
  inputs: readonly string[],
  options: RedactOptions = {},
): Promise<RedactRun> {
  const cwd = options.cwd ?? process.cwd()
  const opened = await openInputs(inputs, { cwd, stdin: options.stdin ?? process.stdin })
  for (const notice of opened.notices) options.onNotice?.(notice)
  return new RedactRun(opened.inputs, options)
}

/** A redaction under way: iterate it for the lines, some at a time, then read its summary. */
export class RedactRun implements AsyncIterable<string> {
  /** Bytes of all inputs as stored; undefined where one has no size. */
  readonly size: number | undefined
  readonly #inputs: readonly Input[]
  readonly #options: RedactOptions
  readonly #log: RedactedLog
  #malformed = 0

  constructor(inputs: readonly Input[], options: RedactOptions) {
    this.#inputs = inputs
    this.#options = options
    this.#log = redactedLog(({ code, reason, file, line, help }) => {
      this.#incomplete({ code, severity: 'error', message: reason, file, line, ...given({ help }) })
    }, options.pseudonyms)
    const sizes = inputs.map((input) => input.size)
    this.size = sizes.every((size) => size !== undefined)
      ? sizes.reduce((sum, size) => sum + size, 0)
      : undefined
  }

  /** Complete once the iteration has ended. */
  get summary(): RedactionSummary {
    const { events, removed, renamed } = this.#log
    return { events, malformed: this.#malformed, removed, renamed }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    for (const input of this.#inputs) {
      if (this.#options.signal?.aborted) return
      const before = this.#log.events + this.#malformed
      yield* this.#file(input)
      if (this.#log.events + this.#malformed === before) {
        this.#options.onNotice?.(`${input.name}: there are no events in it`)
      }
    }
  }

  async *#file(input: Input): AsyncGenerator<string, void, undefined> {
    const splitter = new EventSplitter(this.#log.sink(input.name), { file: input.name })
    let failure: ParapetError | undefined
    try {
      for await (const chunk of input.chunks()) {
        if (this.#options.signal?.aborted) return
        splitter.push(chunk)
        yield this.#log.take()
        this.#options.onProgress?.(this.#inputs.reduce((sum, { position }) => sum + position, 0))
        if (splitter.refused) break
      }
    } catch (error) {
      // What was read of a broken file counts, and the other files are still read.
      if (!(error instanceof ParapetError)) throw error
      failure = error
    }
    splitter.end()
    if (failure) {
      const { code, message, help } = failure
      const file = input.name
      this.#incomplete({ code, severity: 'error', message, file, ...given({ help }) })
    }
    yield this.#log.take()
  }

  #incomplete(diagnostic: LocatedDiagnostic): void {
    this.#malformed += 1
    this.#options.onIncomplete?.(diagnostic)
  }
}

function given({ help }: { help: string | undefined }): { help?: string } {
  return help === undefined ? {} : { help }
}
