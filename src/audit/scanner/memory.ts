import { program } from './program.ts'

/** Where the program's own tables end (FREE in its layout). */
const TABLES_BYTES = 0x620000
/** Bytes for states, transitions and decisions. */
const ARENA_BYTES = 10 * 1024 * 1024
/** Bytes that the program may read behind the input's end. */
const PADDING_BYTES = 32
/** Most that a projection writes besides values of the line, in bytes. */
export const PROJECTION_TEXT_BYTES = 65_536
const PAGE_BYTES = 65_536

/** What the program asks of this side; see scanner/assembly/host.ts. */
export interface ScannerHost {
  learn(state: number, at: number, line: number): number
  classify(feature: number, start: number, end: number): number
  combine(feature: number, before: number, element: number): number
  decide(node: number, valueClass: number): number
  candidate(line: number, end: number, index: number, answer: number): void
  doubt(line: number, end: number, index: number): number
}

interface Exports {
  initialise(): void
  scan(start: number, end: number, root: number): number
  again(line: number): number
  project(line: number, steps: number, out: number): number
  mayHoldJson(line: number, end: number): number
  forgetValues(): void
}

let compiled: WebAssembly.Module | undefined

/** The program's memory, in which records are placed one behind the other. */
export class ScannerMemory {
  readonly bytes: Uint8Array
  /** The same as 32-bit words: `words[address >> 2]`. */
  readonly words: Uint32Array
  /** Address of the input buffer. */
  readonly input: number
  /** Address of a buffer that can hold what is projected of a line. */
  readonly output: number
  readonly #exports: Exports
  readonly #constants: Readonly<Record<string, number>>
  #free: number

  /** @param sizes of the input buffer, and of what the judge's features take, in bytes */
  constructor(host: ScannerHost, sizes: { readonly input: number; readonly tables: number }) {
    compiled ??= new WebAssembly.Module(Buffer.from(program, 'base64'))
    const input = TABLES_BYTES + ARENA_BYTES + ((sizes.tables + 15) & ~15)
    const output = input + sizes.input + PADDING_BYTES
    const pages = Math.ceil((output + sizes.input + PROJECTION_TEXT_BYTES) / PAGE_BYTES)
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    const instance = new WebAssembly.Instance(compiled, { env: { memory }, host: { ...host } })
    this.#constants = constantsOf(instance)
    this.#exports = instance.exports as unknown as Exports
    if (this.constant('FREE') !== TABLES_BYTES) throw new Error('the scanner needs another layout')
    this.#free = TABLES_BYTES
    this.bytes = new Uint8Array(memory.buffer)
    this.words = new Uint32Array(memory.buffer)
    this.input = input
    this.output = output
    this.#exports.initialise()
  }

  /** A constant of scanner/assembly/layout.ts. */
  constant(name: string): number {
    const value = this.#constants[name]
    if (value === undefined) throw new Error(`the scanner has no constant ${name}`)
    return value
  }

  /** Address of so many fresh bytes, zeroed, at a 16-byte boundary; undefined when there is no room. */
  allocate(bytes: number): number | undefined {
    const address = this.#free
    const end = address + ((bytes + 15) & ~15)
    if (end > this.input) return undefined
    this.#free = end
    this.bytes.fill(0, address, end)
    return address
  }

  /** Bytes that have been handed out. */
  get used(): number {
    return this.#free - TABLES_BYTES
  }

  /** Takes everything back that was allocated. */
  reset(): void {
    this.#free = TABLES_BYTES
    this.#exports.forgetValues()
  }

  /** See scanner/assembly/index.ts. */
  scan(start: number, end: number, root: number): number {
    return this.#exports.scan(start, end, root)
  }

  /** See scanner/assembly/index.ts. */
  again(line: number): boolean {
    return this.#exports.again(line) !== 0
  }

  /** See scanner/assembly/inner.ts. */
  mayHoldJson(line: number, end: number): boolean {
    return this.#exports.mayHoldJson(line, end) !== 0
  }

  /** See scanner/assembly/project.ts. */
  project(line: number, steps: number): number {
    return this.#exports.project(line, steps, this.output)
  }
}

function constantsOf(instance: WebAssembly.Instance): Record<string, number> {
  const found: Record<string, number> = {}
  for (const [name, item] of Object.entries(instance.exports)) {
    if (item instanceof WebAssembly.Global) found[name] = item.value as number
  }
  return found
}
