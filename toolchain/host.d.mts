/** One instance of the embedded OPA toolchain, called synchronously. */
export class Instance {
  constructor(module: WebAssembly.Module)
  /** Bytes of linear memory, which never shrinks. */
  readonly memoryBytes: number
  /** Sends a JSON header and raw parts; returns the answer's parts. Throws a Crash. */
  call(header: unknown, parts?: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[]
}

/** The module trapped or ran out of stack or memory; its instance must not be used any more. */
export class Crash extends Error {}
