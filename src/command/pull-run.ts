import type { KeyObject } from 'node:crypto'
import path from 'node:path'
import { writeLayout } from '../bundle/oci/layout.ts'
import { parseReference } from '../bundle/oci/reference.ts'
import { exit, type ExitCode } from '../exit.ts'
import { loadKey } from '../io/keys.ts'
import { bundleIn, pullArtifact } from '../io/oci/transfer.ts'
import { writeWhole } from '../io/write-file.ts'
import { ParapetError } from '../text/error.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'
import type { PullFlags } from './pull.ts'

/** Carries out `parapet pull`. */
export async function runPull(given: string, flags: PullFlags, io: Io): Promise<ExitCode> {
  const structured = flags.format === 'json'
  try {
    const { output, save } = flags
    if (output === undefined && save === undefined)
      throw new ParapetError('USAGE', 'there is no file to write to', {
        help: 'give --output for the bundle, or --save for the whole artifact',
      })
    const reference = parseReference(given)
    const keys = await keysOf(flags, io)
    const pulled = await pullArtifact(
      { reference, keys },
      { env: io.env, plainHttp: flags.plainHttp === true, signal: io.signal },
    )
    const { artifact, signatures } = pulled
    if (output !== undefined)
      await writeWhole(path.resolve(io.cwd, output), bundleIn(pulled, reference), { shown: output })
    if (save !== undefined) {
      const layout = writeLayout([{ artifact, name: reference.tag ?? 'latest' }, ...signatures])
      await writeWhole(path.resolve(io.cwd, save), layout, { shown: save })
    }
    const result = {
      digest: artifact.digest,
      output: output ?? null,
      save: save ?? null,
      isVerified: keys.length > 0,
    }
    await write(
      io.stdout,
      structured
        ? `${JSON.stringify(result)}\n`
        : `${[output, save].filter((file) => file !== undefined).join('\n')}\ndigest ${artifact.digest}${keys.length > 0 ? ', signature verified' : ''}\n`,
    )
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, structured)
  }
}

async function keysOf({ cosignKey }: PullFlags, io: Io): Promise<KeyObject[]> {
  const keys = await Promise.all(cosignKey.map((source) => loadKey(source, { use: 'verify' }, io)))
  return keys.map(({ key }) => {
    if (!(key instanceof Uint8Array)) return key
    throw new ParapetError('KEY_ALGORITHM', 'cosign signs with key pairs, not with a secret')
  })
}
