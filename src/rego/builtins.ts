import type { HostBuiltin } from './abi.ts'

/** OPA builtins that its WASM lacks and Parapet answers itself, by name. */
export const hostBuiltins: Readonly<Record<string, HostBuiltin>> = {}
