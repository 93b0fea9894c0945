import type { Builtin, Builtins } from './builtin.ts'
import { cidrs } from './cidr.ts'
import { digests } from './digest.ts'
import { encoding } from './encoding.ts'
import { globs } from './glob.ts'
import { graphs } from './graph.ts'
import { marshalling } from './marshal.ts'
import { patches } from './patch.ts'
import { numbers } from './numbers.ts'
import { output } from './output.ts'
import { semver } from './semver.ts'
import { formatting } from './sprintf.ts'
import { strings } from './strings.ts'
import { subsets } from './subset.ts'
import { times } from './time.ts'
import { units } from './units.ts'
import { uuids } from './uuid.ts'

/** OPA builtins that its WASM lacks and Parapet answers itself, by name. */
const builtins: Builtins = {
  ...cidrs,
  ...digests,
  ...encoding,
  ...formatting,
  ...globs,
  ...graphs,
  ...marshalling,
  ...numbers,
  ...output,
  ...patches,
  ...semver,
  ...strings,
  ...subsets,
  ...times,
  ...units,
  ...uuids,
}

const ALWAYS_ANSWERED: ReadonlySet<string> = new Set([
  'time.now_ns',
  'time.parse_duration_ns',
  'time.parse_rfc3339_ns',
])

/** Names whose code loads a regular expression engine, which most policies do without. */
const REGEX_NAMES: ReadonlySet<string> = new Set(['regex.find_n', 'regex.replace', 'regex.split'])

/** Builtins that leave some calls to OPA's own code. */
export const DEFERRING: ReadonlySet<string> = new Set([
  ...REGEX_NAMES,
  ...Object.keys(times).filter((name) => !ALWAYS_ANSWERED.has(name)),
])

/** Those of `names` that Parapet answers itself. */
export async function loadBuiltins(
  names: readonly string[],
): Promise<ReadonlyMap<string, Builtin>> {
  const regexes = names.some((name) => REGEX_NAMES.has(name))
    ? (await import('./regex.ts')).regexes
    : {}
  const known = new Map(Object.entries({ ...builtins, ...regexes }))
  return new Map(names.flatMap((name) => (known.has(name) ? [[name, known.get(name)!]] : [])))
}
