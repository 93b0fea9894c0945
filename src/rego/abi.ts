/**
 * The WebAssembly ABI of a compiled Rego policy, version 1.2 and later, as OPA documents it. One
 * instance is one WASM memory. Nothing here proves its input: only policy.ts may call it.
 */
import type { PolicyMemory } from './memory.ts'
import { parseTerm, printTerm } from './term.ts'
import type { Value } from './value.ts'

/** A builtin that the module does not hold itself; undefined is Rego's undefined. */
export type HostFunction = (operands: readonly Value[]) => Value | undefined

interface Exports {
  opa_malloc(size: number): number
  opa_free(address: number): void
  opa_json_parse(address: number, size: number): number
  opa_json_dump(value: number): number
  opa_value_parse(address: number, size: number): number
  opa_value_dump(value: number): number
  opa_heap_ptr_get(): number
  opa_heap_ptr_set(address: number): void
  opa_eval(
    reserved: 0,
    entrypoint: number,
    data: number,
    input: number,
    inputLength: number,
    heap: number,
    format: 0 | 1,
  ): number
  builtins(): number
  entrypoints(): number
  opa_wasm_abi_version?: WebAssembly.Global
  opa_wasm_abi_minor_version?: WebAssembly.Global
}

/** `[{"result":[` and `[{"result":{`: where the decision's own text begins. */
const RESULT_START = '[{"result":'.length
const CLOSE_BRACKET = 0x5d
const OPEN_BRACKET = 0x5b
const COMMA = 0x2c
const COLON = 0x3a
/** What a module says when its memory is full. */
const OUT_OF_MEMORY = 'opa_malloc: failed'

/** Formats of an answer: JSON, or the text of a Rego term, in which sets stay sets. */
export const AS_JSON = 0
export const AS_TERM = 1

/** What one value of an input takes in a module's heap at most, about, in bytes. */
const VALUE_BYTES = 200
/** A reservation keeps this far from the memory's limit, in bytes. */
const MARGIN_BYTES = 131_072
/** The header that the module's allocator puts in front of a block, and its alignment, in bytes. */
const BLOCK_BYTES = 16

export interface AbiOptions {
  readonly memory: PolicyMemory
  /** The data document, UTF-8 JSON text. */
  readonly data: Uint8Array
  /** Receives what the module prints by itself. */
  readonly print: (text: string) => void
}

/** Builtin and entrypoint names of a module, with their ids. */
export interface AbiTables {
  readonly builtins: Readonly<Record<string, number>>
  readonly entrypoints: Readonly<Record<string, number>>
}

/** Thrown through WASM frames when a policy aborts; its instance must not be used again. */
export class PolicyAbort extends Error {
  get isOutOfMemory(): boolean {
    return this.message === OUT_OF_MEMORY
  }
}

export class AbiInstance {
  readonly tables: AbiTables
  readonly version: string
  /** Bytes that the instance holds before it has evaluated anything. */
  readonly baseBytes: number
  readonly #exports: Exports
  readonly #memory: PolicyMemory
  /** What the module's builtins call, by id. */
  readonly #functions: HostFunction[] = []
  /** Address of the parsed data document, and the heap's first free byte behind it. */
  readonly #data: number
  readonly #heap: number

  constructor(module: WebAssembly.Module, options: AbiOptions) {
    this.#memory = options.memory
    this.#exports = this.#instantiate(module, options.print)
    this.#memory.heapBegins(this.#exports.opa_heap_ptr_get() >>> 0)
    this.version = this.#versionText()
    this.tables = {
      builtins: this.#table(this.#exports.builtins()),
      entrypoints: this.#table(this.#exports.entrypoints()),
    }
    const text = this.#write(options.data)
    this.#data = this.#exports.opa_json_parse(text, options.data.length)
    if (this.#data === 0) throw new PolicyAbort('the data document is not JSON')
    this.#heap = this.#exports.opa_heap_ptr_get() >>> 0
    this.baseBytes = this.memoryBytes
  }

  /** Says who answers the builtins that the module imports; due before the first evaluation. */
  bind(functionOf: (name: string) => HostFunction): void {
    for (const [name, id] of Object.entries(this.tables.builtins)) {
      this.#functions[id] = functionOf(name)
    }
  }

  /** Bytes that the instance holds; WASM memory never shrinks. */
  get memoryBytes(): number {
    return this.#memory.bytes.length
  }

  /**
   * Evaluates one entrypoint on `input` (the text of one value, proved by the caller; undefined for
   * no input) and gives the address of the answer's text, JSON or a Rego term. Everything that the
   * last evaluation allocated is reclaimed.
   */
  evaluate(entrypoint: number, input: Uint8Array | undefined, format: 0 | 1): number {
    const start = this.#heap
    const length = input === undefined ? 0 : input.length
    const end = start + length
    if (end > this.#memory.bytes.length) this.#grow(end)
    if (input !== undefined) this.#memory.bytes.set(input, start)
    // The heap goes on behind the input at an eight-byte boundary: strings are read in place.
    const heap = (end + 8) & ~7
    const at = input === undefined ? 0 : start
    return this.#exports.opa_eval(0, entrypoint, this.#data, at, length, heap, format) >>> 0
  }

  /**
   * Grows the memory for an input at once, as far as its limit allows: the module's own allocator
   * grows it page by page, which takes seconds for a few hundred megabytes.
   */
  reserve(input: Uint8Array): void {
    let marks = 1
    for (const byte of input) {
      // Marks inside strings are counted too; an estimate is enough.
      if (byte === COMMA || byte === COLON || byte === OPEN_BRACKET) marks++
    }
    const end = this.#heap + input.length + marks * VALUE_BYTES
    const limit = this.memoryBytes + this.#memory.growth - MARGIN_BYTES
    if (Math.min(end, limit) > this.memoryBytes) this.#grow(Math.min(end, limit))
  }

  /** True when the JSON answer at `address` is an empty set, array or an undefined decision. */
  isEmpty(address: number): boolean {
    const { bytes } = this.#memory
    if (bytes[address + 1] === CLOSE_BRACKET) return true
    return (
      bytes[address + RESULT_START] === OPEN_BRACKET &&
      bytes[address + RESULT_START + 1] === CLOSE_BRACKET
    )
  }

  /** The text of the answer at `address`: `[]` or `[{"result": …}]`. */
  answer(address: number): string {
    return this.#memory.text(address)
  }

  #instantiate(module: WebAssembly.Module, print: (text: string) => void): Exports {
    const functions = this.#functions
    const call = (id: number, _context: number, ...addresses: number[]): number => {
      const answer = functions[id]!(addresses.map((address) => this.#value(address)))
      return answer === undefined ? 0 : this.#hand(answer)
    }
    const instance = new WebAssembly.Instance(module, {
      env: {
        memory: this.#memory.memory,
        opa_abort: (address: number) => {
          throw new PolicyAbort(this.#memory.text(address >>> 0))
        },
        opa_println: (address: number) => print(this.#memory.text(address >>> 0)),
        opa_builtin0: call,
        opa_builtin1: call,
        opa_builtin2: call,
        opa_builtin3: call,
        opa_builtin4: call,
      },
    })
    return instance.exports as unknown as Exports
  }

  #versionText(): string {
    const { opa_wasm_abi_version: major, opa_wasm_abi_minor_version: minor } = this.#exports
    return `${major?.value ?? 0}.${minor?.value ?? 0}`
  }

  #table(value: number): Record<string, number> {
    return JSON.parse(this.#memory.text(this.#exports.opa_json_dump(value) >>> 0))
  }

  /** Grows the memory up to an address, in the module's allocator, which has to know of it. */
  #grow(end: number): void {
    const { length } = this.#memory.bytes
    this.#exports.opa_heap_ptr_set(length - BLOCK_BYTES)
    this.#exports.opa_malloc(end - length)
  }

  /** Reads a value of the module, sets and number literals kept. */
  #value(address: number): Value {
    const dump = this.#exports.opa_value_dump(address)
    const text = this.#memory.text(dump >>> 0)
    this.#exports.opa_free(dump)
    return parseTerm(text)
  }

  /** Makes a value of the module from a builtin's answer. */
  #hand(answer: Value): number {
    const text = printTerm(answer)
    const length = Buffer.byteLength(text)
    const address = this.#exports.opa_malloc(length) >>> 0
    this.#memory.bytes.write(text, address, length)
    const value = this.#exports.opa_value_parse(address, length)
    if (value === 0) throw new PolicyAbort('a builtin answered with no value')
    this.#exports.opa_free(address)
    return value
  }

  #write(bytes: Uint8Array): number {
    const address = this.#exports.opa_malloc(bytes.length) >>> 0
    this.#memory.bytes.set(bytes, address)
    return address
  }
}
