import { Worker } from 'node:worker_threads'
import { ParapetError } from '../text/error.ts'
import { TOOLCHAIN_CALL_MS_MAX, TOOLCHAIN_MEMORY_BYTES_MAX } from '../text/limits.ts'
import { requireWasm, workerEntry } from './location.ts'

interface Job {
  readonly header: unknown
  readonly parts: readonly Uint8Array[]
  readonly resolve: (parts: Uint8Array[]) => void
  readonly reject: (error: unknown) => void
}

/** What the worker answers with: the module's parts, or why there are none. */
interface Reply {
  readonly answer?: Uint8Array[]
  readonly memoryBytes?: number
  /** Last words of an instance that died. */
  readonly crash?: string
  /** Why the module could not be loaded. */
  readonly broken?: string
}

export interface ChannelOptions {
  /** Longest that one call may take, in milliseconds. */
  readonly callMs?: number
  /** Stack of the thread, in MiB. */
  readonly stackMb?: number
  /** Memory above which the thread is replaced after a call, since it never shrinks, in bytes. */
  readonly memoryBytesMax?: number
}

/** OPA recurses over what it parses; Node's 4 MiB end at some thousand levels of nesting. */
const STACK_MB = 64

/**
 * The thread that runs the compiler. It starts with the first call and stays warm. Calls wait here
 * and not in the thread, so one that crashes or hangs takes no other with it.
 * The thread keeps the process alive only while a call is running.
 */
export class Channel {
  readonly #wasm: string
  readonly #callMs: number
  readonly #stackMb: number
  readonly #memoryBytesMax: number
  readonly #queue: Job[] = []
  #worker: Worker | undefined
  #running: Job | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(wasm: string, options: ChannelOptions = {}) {
    this.#wasm = wasm
    this.#callMs = options.callMs ?? TOOLCHAIN_CALL_MS_MAX
    this.#stackMb = options.stackMb ?? STACK_MB
    this.#memoryBytesMax = options.memoryBytesMax ?? TOOLCHAIN_MEMORY_BYTES_MAX
  }

  /** Sends a header and raw parts; resolves with the answer's parts, in the order of calls. */
  call(header: unknown, parts: readonly Uint8Array[] = []): Promise<Uint8Array[]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(closedError())
      this.#queue.push({ header, parts, resolve, reject })
      this.#next()
    })
  }

  /** Stops the thread; calls that are waiting or running are rejected. */
  async close(): Promise<void> {
    this.#closed = true
    for (const job of this.#queue.splice(0)) job.reject(closedError())
    this.#finish()?.reject(closedError())
    await this.#drop()
  }

  #next(): void {
    if (this.#running) return
    const job = this.#queue.shift()
    if (!job) return
    this.#running = job
    try {
      this.#worker ??= this.#start()
    } catch (error) {
      this.#finish()
      job.reject(error)
      return this.#next()
    }
    this.#worker.ref()
    this.#timer = setTimeout(() => this.#timeOut(), this.#callMs)
    this.#worker.postMessage({ header: job.header, parts: job.parts })
  }

  #start(): Worker {
    const worker = new Worker(workerEntry, {
      workerData: { wasm: requireWasm(this.#wasm) },
      resourceLimits: { stackSizeMb: this.#stackMb },
      // Go's report of a crash comes back in the reply. Nothing may reach our stdout, which carries results.
      stdout: true,
      stderr: true,
      execArgv: [],
    })
    worker.on('message', (reply: Reply) => this.#settle(reply))
    worker.on('error', (error) => this.#lose(worker, error))
    worker.on('exit', (code) => this.#lose(worker, new Error(`thread ended with ${code}`)))
    return worker
  }

  #settle({ answer, memoryBytes = 0, crash, broken }: Reply): void {
    const job = this.#finish()
    this.#worker?.unref()
    if (memoryBytes > this.#memoryBytesMax) void this.#drop()
    if (answer) job?.resolve(answer)
    else if (broken !== undefined) job?.reject(brokenError(broken))
    else job?.reject(crashError(crash ?? 'no answer'))
    this.#next()
  }

  /** Ends the running call. */
  #finish(): Job | undefined {
    const job = this.#running
    this.#running = undefined
    clearTimeout(this.#timer)
    return job
  }

  /** The thread died by itself, for example out of memory. */
  #lose(worker: Worker, cause: Error): void {
    if (worker !== this.#worker) return
    this.#worker = undefined
    this.#finish()?.reject(crashError(cause.message, cause))
    this.#next()
  }

  #timeOut(): void {
    const job = this.#finish()
    void this.#drop()
    const message = `the embedded OPA compiler took longer than ${this.#callMs} ms and was stopped`
    job?.reject(new ParapetError('TOOLCHAIN_TIMEOUT', message))
    this.#next()
  }

  async #drop(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
  }
}

function closedError(): ParapetError {
  return new ParapetError('TOOLCHAIN_CLOSED', 'the toolchain was closed')
}

function brokenError(words: string): ParapetError {
  const message = `the embedded OPA compiler cannot be loaded: ${words}`
  return new ParapetError('TOOLCHAIN_BROKEN', message, {
    help: 'run `npm run prepare` in the folder of parapet to build it again',
  })
}

function crashError(words: string, cause?: Error): ParapetError {
  const message = `the embedded OPA compiler crashed: ${words.replaceAll(/\s*\n\s*/g, '; ')}`
  return new ParapetError('TOOLCHAIN_CRASHED', message, { cause })
}
