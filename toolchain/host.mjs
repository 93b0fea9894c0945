// The WASI host of out/opa.wasm: one instance of the embedded OPA toolchain, called synchronously.
// Plain JavaScript on purpose: worker threads load it by path, from sources under test as well as
// from the built package, and Node 20 runs no TypeScript. Its types are in host.d.mts.
import { ConsoleStdout, WASI } from '@bjorn3/browser_wasi_shim'
import { frameSize, pack, unpack } from './frame.mjs'

/** How much of the module's output is kept to explain a crash, in characters. */
const OUTPUT_KEPT = 4096

export class Instance {
  #exports
  #output = ''

  constructor(module) {
    // No arguments, no environment, no folders. The module's output is Go's own report of a fatal
    // error; it is kept for the exception, and goes to no stream.
    const collect = (line) => {
      if (this.#output.length < OUTPUT_KEPT) this.#output += `${line}\n`.slice(0, OUTPUT_KEPT)
    }
    const sink = () => ConsoleStdout.lineBuffered(collect)
    const wasi = new WASI([], [], [sink(), sink(), sink()], { debug: false })
    const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport })
    this.#exports = instance.exports
    wasi.initialize(instance)
  }

  /** Bytes of linear memory, which never shrinks. */
  get memoryBytes() {
    return this.#exports.memory.buffer.byteLength
  }

  /**
   * Sends a message and returns the answer's parts. Throws a Crash when the module trapped or ran
   * out of stack or memory; the instance must not be used after that.
   */
  call(header, parts = []) {
    const all = [new TextEncoder().encode(JSON.stringify(header)), ...parts]
    try {
      return this.#exchange(all)
    } catch (cause) {
      throw new Crash(this.#output.trim().split('\n')[0] || String(cause), { cause })
    }
  }

  #exchange(parts) {
    const { request, respond, response, release, memory } = this.#exports
    const size = frameSize(parts)
    const address = request(size) >>> 0
    pack(parts, new Uint8Array(memory.buffer, address, size))
    const length = respond() >>> 0
    // The memory may have grown, which detaches earlier views of it.
    const answer = unpack(new Uint8Array(memory.buffer, response() >>> 0, length))
    release()
    return answer
  }
}

/** The module died; `message` is what it said last. */
export class Crash extends Error {}
