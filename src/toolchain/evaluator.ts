import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import { TOOLCHAIN_BATCH_BYTES_MAX } from '../text/limits.ts'
import type { Issue, Places } from './issues.ts'
import type { WirePolicy } from './sources.ts'

export interface EvaluatorOptions {
  /** A builtin's error fails the evaluation instead of making it undefined. Default false, as in OPA. */
  readonly strictBuiltinErrors?: boolean
}

/** OPA's answer for one event. */
export interface Evaluation {
  /** Value of the query's first result, as JSON text with the digits of its numbers; absent when undefined. */
  readonly json?: string
  /** The same, parsed. */
  readonly value?: unknown
  /** OPA's whole result set: one element for each way in which the query holds. */
  readonly results: readonly QueryResult[]
  /** Why there is no answer; empty otherwise. */
  readonly diagnostics: readonly LocatedDiagnostic[]
}

export interface QueryResult {
  readonly expressions: readonly { readonly value: unknown; readonly text: string }[]
  readonly bindings?: Readonly<Record<string, unknown>>
}

type Call = (
  verb: string,
  params: object,
  parts?: readonly Uint8Array[],
) => Promise<{ parts: readonly Uint8Array[] }>

interface Query extends EvaluatorOptions {
  readonly policy: WirePolicy
  readonly query: string
}

/** Numbers prepared queries, across all toolchains of the process. */
let lastPrepared = 0

/** A query prepared once in OPA's own Go evaluator: the reference that other engines answer to. */
export class Evaluator {
  readonly #call: Call
  readonly #places: Places
  readonly #query: Query
  readonly #prepared: number

  private constructor(call: Call, places: Places, query: Query, prepared: number) {
    this.#call = call
    this.#places = places
    this.#query = query
    this.#prepared = prepared
  }

  static async prepare(call: Call, places: Places, query: Query): Promise<Evaluator> {
    lastPrepared += 1
    await call('prepare', { prepared: lastPrepared, ...query })
    return new Evaluator(call, places, query, lastPrepared)
  }

  /**
   * Evaluates events, each the JSON text of one input, decoded exactly as `opa eval --input` does.
   * Answers in order. Throws a ParapetError only when the toolchain itself fails.
   */
  async evaluate(events: readonly Uint8Array[]): Promise<Evaluation[]> {
    const evaluations: Evaluation[] = []
    for (const batch of batches(events)) {
      for (const part of await this.#send(batch)) evaluations.push(this.#read(part))
    }
    return evaluations
  }

  /** Lets go of the prepared query. */
  async close(): Promise<void> {
    await this.#call('forget', { prepared: this.#prepared })
  }

  async #send(batch: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    const params = { prepared: this.#prepared }
    try {
      return (await this.#call('evaluate', params, batch)).parts
    } catch (error) {
      // The instance that knew the query was replaced, after a crash or for its memory.
      if (!(error instanceof ParapetError) || error.code !== 'NOT_PREPARED') throw error
      return (await this.#call('evaluate', { ...params, again: this.#query }, batch)).parts
    }
  }

  #read(part: Uint8Array): Evaluation {
    const { results, value, issues } = JSON.parse(Buffer.from(part).toString()) as {
      results: QueryResult[] | null
      value?: string
      issues?: Issue[]
    }
    return {
      ...(value === undefined ? {} : { json: value, value: JSON.parse(value) as unknown }),
      results: results ?? [],
      diagnostics: this.#places.diagnostics(issues ?? []),
    }
  }
}

/** Cuts events into messages of a bounded size. */
function* batches(events: readonly Uint8Array[]): Generator<readonly Uint8Array[]> {
  let batch: Uint8Array[] = []
  let bytes = 0
  for (const event of events) {
    if (batch.length > 0 && bytes + event.length > TOOLCHAIN_BATCH_BYTES_MAX) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(event)
    bytes += event.length
  }
  if (batch.length > 0) yield batch
}
