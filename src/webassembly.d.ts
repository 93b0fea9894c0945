/**
 * The part of the WebAssembly JavaScript API that Parapet uses. TypeScript ships it only with the
 * browser's types, which do not belong in a Node program.
 */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer
    /** Adds pages of 64 KiB; throws a RangeError past the maximum. */
    grow(pages: number): number
  }
  interface Global {
    readonly value: number
  }
  interface Module {
    readonly __module?: never
  }
  interface Instance {
    readonly exports: Record<string, unknown>
  }
  type Imports = Record<string, Record<string, unknown>>

  const Global: new (descriptor: { value: string; mutable?: boolean }, value: unknown) => Global
  const Memory: new (descriptor: { initial: number; maximum?: number }) => Memory
  const Module: {
    new (bytes: Uint8Array): Module
    imports(module: Module): { module: string; name: string; kind: string }[]
    exports(module: Module): { name: string; kind: string }[]
  }
  const Instance: new (module: Module, imports?: Imports) => Instance
  const RuntimeError: new (message?: string) => Error
  const CompileError: new (message?: string) => Error
  function compile(bytes: Uint8Array): Promise<Module>
  function instantiate(module: Module, imports?: Imports): Promise<Instance>
}
