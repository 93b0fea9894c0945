import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { readKey, type KeyOptions, type SignatureKey } from '../bundle/key.ts'
import { ParapetError } from '../text/error.ts'
import { KEY_BYTES_MAX } from '../text/limits.ts'

/** Where keys come from: files below `cwd` and variables of `env`. */
export interface KeyPlaces {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Loads a key from a path, or from an environment variable given as `env:NAME`. Keys are never
 * given on the command line itself, where every process could read them.
 * @throws ParapetError `KEY_UNREADABLE`, `KEY_INVALID`, `KEY_ALGORITHM`
 */
export async function loadKey(
  source: string,
  options: Omit<KeyOptions, 'from'>,
  places: KeyPlaces,
): Promise<SignatureKey> {
  return readKey(await keyText(source, places), { ...options, from: source })
}

/** The text of a key's file or variable. */
export async function keyText(source: string, places: KeyPlaces): Promise<string> {
  if (source.startsWith('env:')) {
    const value = places.env[source.slice(4)]
    if (value) return value
    throw new ParapetError('KEY_UNREADABLE', `the variable \`${source.slice(4)}\` holds no key`)
  }
  const bytes = await readFile(path.resolve(places.cwd, source)).catch((cause: unknown) => {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new ParapetError('KEY_UNREADABLE', `the key \`${source}\` cannot be read (${reason})`, {
      file: source,
      help: 'give a file, or `env:NAME` for an environment variable',
      cause,
    })
  })
  if (bytes.length > KEY_BYTES_MAX)
    throw new ParapetError('KEY_INVALID', `\`${source}\` is too large for a key`, { file: source })
  return bytes.toString()
}
