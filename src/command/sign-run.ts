import path from 'node:path'
import { unpackArchive } from '../bundle/archive.ts'
import { bundleFromFiles } from '../bundle/read.ts'
import { signFiles } from '../bundle/sign.ts'
import { packBundle, withSignatures } from '../bundle/write.ts'
import { exit, type ExitCode } from '../exit.ts'
import { readBundleFile } from '../io/policy/bundle-file.ts'
import { loadKey } from '../io/keys.ts'
import { readSource } from '../io/source.ts'
import { writeWhole } from '../io/write-file.ts'
import { ParapetError } from '../text/error.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'
import type { SignFlags } from './sign.ts'

/** Carries out `parapet sign`. */
export async function runSign(bundle: string, flags: SignFlags, io: Io): Promise<ExitCode> {
  try {
    const { signingKey, signingAlg, scope, output = bundle } = flags
    const bytes = await readBundleFile(bundle, io.cwd)
    const files = await unpackArchive(bytes, bundle)
    const { bundle: read } = await bundleFromFiles(files, bundle)
    if (read.kind === 'delta')
      throw new ParapetError('SIGNATURE_DELTA', 'a delta bundle cannot be signed', { file: bundle })
    const algorithm = signingAlg === undefined ? {} : { algorithm: signingAlg }
    const key = await loadKey(signingKey, { use: 'sign', ...algorithm }, io)
    const keyId = flags.keyid ?? key.id ?? 'default'
    const claims =
      flags.claims === undefined ? {} : { claims: await readClaims(flags.claims, io.cwd) }
    const signatures = await signFiles(files, {
      key,
      keyId,
      ...claims,
      ...(scope === undefined ? {} : { scope }),
    })
    const signed = withSignatures(files, signatures)
    await writeWhole(path.resolve(io.cwd, output), packBundle(signed), { shown: output })
    await write(
      io.stdout,
      `${output}  signed with ${keyId} (${key.algorithm}), ${files.length} files${scope === undefined ? '' : `, scope ${scope}`}\n`,
    )
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, false)
  }
}

/** Claims that would contradict what is signed are refused. */
async function readClaims(file: string, cwd: string): Promise<Record<string, unknown>> {
  const { text } = await readSource(path.resolve(cwd, file), file)
  const wrong = (message: string): ParapetError =>
    new ParapetError('CLAIMS_INVALID', message, { file })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw wrong('the claims are not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('the claims are not an object')
  for (const name of ['files', 'keyid', 'scope'])
    if (Object.hasOwn(value, name)) throw wrong(`the claim \`${name}\` is written by Parapet`)
  return value as Record<string, unknown>
}
