import type { Builtins } from './builtin.ts'
import { formatting } from './sprintf.ts'

/** OPA builtins that its WASM lacks and Parapet answers itself, by name. */
export const hostBuiltins: Builtins = {
  ...formatting,
}
