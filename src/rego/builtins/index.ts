/**
 * OPA builtins that its WASM lacks and Parapet answers itself, by name. Their code is loaded by the
 * policies that call them: most call none or few, and a scan should start at once.
 */
import type { Builtin, Builtins } from './builtin.ts'

interface Group {
  readonly names: readonly string[]
  readonly load: () => Promise<Builtins>
}

function group(names: string, load: () => Promise<Builtins>): Group {
  return { names: names.split(/\s+/), load }
}

const groups: readonly Group[] = [
  group('sprintf', async () => (await import('./sprintf.ts')).formatting),
  group(
    `time.now_ns time.parse_rfc3339_ns time.parse_ns time.parse_duration_ns time.date time.clock
    time.weekday time.format time.add_date time.diff`,
    async () => (await import('./time.ts')).times,
  ),
  group(
    `indexof_n strings.any_prefix_match strings.any_suffix_match strings.count strings.split_n`,
    async () => (await import('./strings.ts')).strings,
  ),
  group('regex.find_n regex.replace regex.split', async () => (await import('./regex.ts')).regexes),
  group(
    'net.cidr_contains_matches net.cidr_expand net.cidr_is_valid',
    async () => (await import('./cidr.ts')).cidrs,
  ),
  group(
    `base64url.encode_no_pad hex.encode hex.decode urlquery.encode urlquery.decode
    urlquery.encode_object urlquery.decode_object`,
    async () => (await import('./encoding.ts')).encoding,
  ),
  group(
    `crypto.md5 crypto.sha1 crypto.sha256 crypto.hmac.md5 crypto.hmac.sha1 crypto.hmac.sha256
    crypto.hmac.sha512 crypto.hmac.equal`,
    async () => (await import('./digest.ts')).digests,
  ),
  group('semver.compare semver.is_valid', async () => (await import('./semver.ts')).semver),
  group('units.parse units.parse_bytes', async () => (await import('./units.ts')).units),
  group('object.subset', async () => (await import('./subset.ts')).subsets),
  group('json.patch', async () => (await import('./patch.ts')).patches),
  group('json.marshal_with_options', async () => (await import('./marshal.ts')).marshalling),
  group('graph.reachable_paths', async () => (await import('./graph.ts')).graphs),
  group('glob.quote_meta', async () => (await import('./glob.ts')).globs),
  group('numbers.range_step rand.intn', async () => (await import('./numbers.ts')).numbers),
  group('uuid.rfc4122', async () => (await import('./uuid.ts')).uuids),
  group('trace internal.print', async () => (await import('./output.ts')).output),
]

/** Builtins that leave some calls to OPA's own code. */
export const DEFERRING: ReadonlySet<string> = new Set(
  `json.patch regex.find_n regex.replace regex.split time.parse_ns time.date time.clock time.weekday time.format
  time.add_date time.diff`.split(/\s+/),
)

/** Those of `names` that Parapet answers itself. */
export async function loadBuiltins(
  names: readonly string[],
): Promise<ReadonlyMap<string, Builtin>> {
  const wanted = new Set(names)
  const needed = groups.filter((group) => group.names.some((name) => wanted.has(name)))
  const loaded = await Promise.all(needed.map(({ load }) => load()))
  const entries = loaded.flatMap((builtins) => Object.entries(builtins))
  return new Map(entries.filter(([name]) => wanted.has(name)))
}
