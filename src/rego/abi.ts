/**
 * The WebAssembly ABI of a compiled Rego policy, version 1.2 and later, as OPA documents it. One
 * instance is one WASM memory. Nothing here proves its input: only policy.ts may call it.
 */

/** A builtin that the module does not hold itself. Arguments and result are JSON texts; undefined is Rego's undefined. */
export type HostBuiltin = (...args: string[]) => string | undefined

interface Exports {
  memory: WebAssembly.Memory
  opa_malloc(size: number): number
  opa_json_parse(addr: number, size: number): number
  opa_json_dump(value: number): number
  opa_heap_ptr_get(): number
  opa_eval(
    reserved: 0,
    entrypoint: number,
    data: number,
    input: number,
    inputLength: number,
    heap: number,
    format: 0,
  ): number
  builtins(): number
  entrypoints(): number
  opa_wasm_abi_version: WebAssembly.Global
  opa_wasm_abi_minor_version: WebAssembly.Global
}

/** Size of a WASM memory page, in bytes. */
const PAGE_BYTES = 65_536
/** Memory that an instance starts with, in pages; it grows by itself. */
const INITIAL_PAGES = 32
/** `[{"result":[` and `[{"result":{`: where the decision's own text begins. */
const RESULT_START = '[{"result":'.length
const NUL = 0
const CLOSE_BRACKET = 0x5d
const OPEN_BRACKET = 0x5b

const decoder = new TextDecoder()
const encoder = new TextEncoder()

export interface AbiOptions {
  /** Names to implementations of what the module imports; `resolve` is asked once, at instantiation. */
  readonly builtins: (name: string) => HostBuiltin | undefined
  readonly memoryBytesMax: number
  /** The data document, UTF-8 JSON text. */
  readonly data: Uint8Array
  /** Receives what the policy prints, when it was built with print statements. */
  readonly print: (text: string) => void
}

/** Reads builtin names and ids, entrypoint names and ids of a module without evaluating anything. */
export interface AbiTables {
  readonly builtins: Readonly<Record<string, number>>
  readonly entrypoints: Readonly<Record<string, number>>
}

/** Thrown through WASM frames when a policy aborts; its instance must not be used again. */
export class PolicyAbort extends Error {}

export class AbiInstance {
  readonly tables: AbiTables
  readonly version: string
  readonly #exports: Exports
  readonly #memory: WebAssembly.Memory
  #bytes: Uint8Array
  /** Address of the parsed data document, and the heap's first free byte behind it. */
  readonly #data: number
  readonly #heap: number

  constructor(module: WebAssembly.Module, options: AbiOptions) {
    const pages = Math.max(INITIAL_PAGES, Math.floor(options.memoryBytesMax / PAGE_BYTES))
    this.#memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: pages })
    this.#bytes = new Uint8Array(this.#memory.buffer)
    const byId: (HostBuiltin | undefined)[] = []
    const call = (id: number, _context: number, ...args: number[]): number => {
      const answer = byId[id]!(...args.map((arg) => this.#text(this.#exports.opa_json_dump(arg))))
      return answer === undefined ? 0 : this.#parse(encoder.encode(answer))
    }
    const instance = new WebAssembly.Instance(module, {
      env: {
        memory: this.#memory,
        opa_abort: (address: number) => {
          throw new PolicyAbort(this.#text(address))
        },
        opa_println: (address: number) => options.print(this.#text(address)),
        opa_builtin0: call,
        opa_builtin1: call,
        opa_builtin2: call,
        opa_builtin3: call,
        opa_builtin4: call,
      },
    })
    this.#exports = instance.exports as unknown as Exports
    this.version = `${this.#exports.opa_wasm_abi_version?.value}.${this.#exports.opa_wasm_abi_minor_version?.value}`
    this.tables = {
      builtins: JSON.parse(this.#text(this.#exports.opa_json_dump(this.#exports.builtins()))),
      entrypoints: JSON.parse(this.#text(this.#exports.opa_json_dump(this.#exports.entrypoints()))),
    }
    for (const [name, id] of Object.entries(this.tables.builtins)) byId[id] = options.builtins(name)
    this.#data = this.#parse(options.data)
    this.#heap = this.#exports.opa_heap_ptr_get()
  }

  /** Bytes that the instance holds; WASM memory never shrinks. */
  get memoryBytes(): number {
    return this.#memory.buffer.byteLength
  }

  /**
   * Evaluates one entrypoint on `input` (JSON text, proved by the caller) and gives the address of
   * the answer's text. Everything that the last evaluation allocated is reclaimed.
   */
  evaluate(entrypoint: number, input: Uint8Array): number {
    const start = this.#heap
    const end = start + input.length
    this.#reserve(end)
    this.#bytes.set(input, start)
    // The heap goes on behind the input at an eight-byte boundary: strings are read in place.
    const heap = (end + 8) & ~7
    const answer = this.#exports.opa_eval(0, entrypoint, this.#data, start, input.length, heap, 0)
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#memory.buffer)
    return answer
  }

  /** True when the answer at `address` is an empty set, array or an undefined decision. */
  isEmpty(address: number): boolean {
    const bytes = this.#bytes
    if (bytes[address + 1] === CLOSE_BRACKET) return true
    return (
      bytes[address + RESULT_START] === OPEN_BRACKET &&
      bytes[address + RESULT_START + 1] === CLOSE_BRACKET
    )
  }

  /** The JSON text of the answer at `address`: `[]` or `[{"result": …}]`. */
  answer(address: number): string {
    return this.#text(address)
  }

  #reserve(end: number): void {
    const missing = end - this.#memory.buffer.byteLength
    if (missing > 0) {
      try {
        this.#memory.grow(Math.ceil(missing / PAGE_BYTES))
      } catch {
        throw new PolicyAbort('the event does not fit into the memory limit')
      }
    }
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#memory.buffer)
  }

  #parse(json: Uint8Array): number {
    const address = this.#exports.opa_malloc(json.length)
    new Uint8Array(this.#memory.buffer).set(json, address)
    const value = this.#exports.opa_json_parse(address, json.length)
    if (value === 0) throw new PolicyAbort('a value handed to the policy is not JSON')
    return value
  }

  #text(address: number): string {
    const bytes = new Uint8Array(this.#memory.buffer)
    return decoder.decode(bytes.subarray(address, bytes.indexOf(NUL, address)))
  }
}
