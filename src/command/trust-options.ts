import type { Command } from 'commander'
import type { TrustPolicy } from '../bundle/trust.ts'
import { ParapetError } from '../text/error.ts'
import type { Io } from './io.ts'

/** Options by which a verb is told whom to trust, as commander hands them over. */
export interface TrustFlags {
  readonly verifyKey: string[]
  readonly trust?: string
  readonly verifyAlg?: string
  readonly scope?: string
}

/** Adds `--verify-key`, `--trust`, `--verify-alg` and `--scope`, alike in every verb. */
export function addTrustOptions(command: Command): Command {
  const list = (value: string, before: string[]): string[] => [...before, value]
  return command
    .optionsGroup('Signature:')
    .option('--verify-key <key>', 'trusted key: a file, env:NAME or id=file; repeatable', list, [])
    .option('--trust <file>', 'trust policy: `keys` and `signing` as in OPA’s configuration')
    .option('--verify-alg <name>', 'algorithm of the keys, where they allow several')
    .option('--scope <scope>', 'what the signature must be good for')
}

/** The trust policy of the flags; undefined where none is asked for. */
export async function trustOf(flags: TrustFlags, io: Io): Promise<TrustPolicy | undefined> {
  const { verifyKey, trust, verifyAlg, scope } = flags
  if (verifyKey.length === 0 && trust === undefined) {
    // Somebody who names a scope means to verify; without a key nothing would be.
    if (scope === undefined && verifyAlg === undefined) return undefined
    throw new ParapetError('USAGE', '--scope and --verify-alg need a key to verify with', {
      help: 'give --verify-key or --trust',
    })
  }
  const { loadTrust } = await import('../io/policy/trust.ts')
  return loadTrust(
    {
      keys: verifyKey,
      ...(trust === undefined ? {} : { file: trust }),
      ...(verifyAlg === undefined ? {} : { algorithm: verifyAlg }),
      ...(scope === undefined ? {} : { scope }),
    },
    io,
  )
}
