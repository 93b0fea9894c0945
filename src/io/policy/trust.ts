import path from 'node:path'
import { readKey } from '../../bundle/key.ts'
import type { TrustedKey, TrustPolicy } from '../../bundle/trust.ts'
import { type KeySource, readTrustFile, type TrustSpec } from '../../bundle/trust-file.ts'
import { locate } from '../../text/diagnostic.ts'
import { ParapetError } from '../../text/error.ts'
import { type KeyPlaces, keyText, loadKey } from '../keys.ts'
import { readSource } from '../source.ts'

/** How a command says whom it trusts. */
export interface TrustRequest {
  /** `path`, `env:NAME` or `id=path`; each key that may have signed. */
  readonly keys?: readonly string[]
  /** Path of a trust policy. */
  readonly file?: string
  /** Algorithm of the keys, where they do not say. */
  readonly algorithm?: string
  readonly scope?: string
}

/**
 * The trust policy that a command asks for; undefined where it asks for none. A single key is used
 * whatever the signature calls it, as OPA's `--verification-key` is; several are told apart by id.
 * @throws ParapetError `TRUST_INVALID`, `KEY_…`, `FILE_…`
 */
export async function loadTrust(
  request: TrustRequest,
  places: KeyPlaces,
): Promise<TrustPolicy | undefined> {
  const { keys = [], file, scope } = request
  if (file !== undefined && keys.length > 0)
    throw new ParapetError('USAGE', 'give keys or a trust policy, not both')
  if (file !== undefined)
    return { ...(await loadFile(file, places)), ...(scope === undefined ? {} : { scope }) }
  if (keys.length === 0) return undefined
  const trusted: TrustedKey[] = []
  for (const given of keys) trusted.push(await loadTrusted(given, request, places))
  const twice = trusted.find(({ id }, index) => trusted.findIndex((key) => key.id === id) < index)
  if (twice)
    throw new ParapetError('USAGE', `two trusted keys are named \`${twice.id}\``, {
      help: 'give each an id of its own: `--verify-key prod-2026=prod.pub.pem`',
    })
  const [only] = trusted
  return {
    keys: trusted,
    ...(trusted.length === 1 ? { keyId: only!.id } : {}),
    ...(scope === undefined ? {} : { scope }),
  }
}

async function loadTrusted(
  given: string,
  request: TrustRequest,
  places: KeyPlaces,
): Promise<TrustedKey> {
  const named = /^([A-Za-z0-9._-]+)=(.+)$/s.exec(given)
  const source = named ? named[2]! : given
  const { algorithm } = request
  const key = await loadKey(
    source,
    { use: 'verify', ...(algorithm === undefined ? {} : { algorithm }) },
    places,
  )
  return {
    ...key,
    id: named?.[1] ?? key.id ?? (request.keys!.length === 1 ? 'default' : path.basename(source)),
  }
}

async function loadFile(file: string, places: KeyPlaces): Promise<TrustPolicy> {
  const document = await readSource(path.resolve(places.cwd, file), file)
  const { spec, diagnostics } = readTrustFile(document)
  ParapetError.throwFirst(diagnostics.map((diagnostic) => locate(diagnostic, [document])))
  const { keys, ...rest } = spec!
  return { ...rest, keys: await Promise.all(keys.map((key) => loadSpecKey(key, file, places))) }
}

async function loadSpecKey(
  key: TrustSpec['keys'][number],
  file: string,
  places: KeyPlaces,
): Promise<TrustedKey> {
  const { id, source, algorithm, scope } = key
  const text = await sourceText(source, file, places)
  const from = `${file}: ${id}`
  const loaded = readKey(text, {
    use: 'verify',
    from,
    ...(algorithm === undefined ? {} : { algorithm }),
  })
  return { ...loaded, id, ...(scope === undefined ? {} : { scope }) }
}

/** A key file is named from the folder of the trust policy. */
async function sourceText(source: KeySource, file: string, places: KeyPlaces): Promise<string> {
  if ('text' in source) return source.text
  if ('env' in source) return keyText(`env:${source.env}`, places)
  return keyText(path.join(path.dirname(file), source.file), places)
}
