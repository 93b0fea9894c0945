import path from 'node:path'
import { newKeyPair } from '../bundle/key-pair.ts'
import { exit, type ExitCode } from '../exit.ts'
import { writeNew } from '../io/write-file.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'
import type { KeyFlags } from './keys.ts'

const OWNER_ONLY = 0o600
const PUBLIC = 0o644

/** Carries out `parapet keys new`. Never writes over a key. */
export async function runKeysNew(name: string, flags: KeyFlags, io: Io): Promise<ExitCode> {
  try {
    const { privateKey, publicKey } = newKeyPair(flags.algorithm)
    const secret = publicKey === undefined ? `${name}.key` : `${name}.pem`
    const at = (file: string): string => path.resolve(io.cwd, file)
    await writeNew(at(secret), privateKey, { shown: secret, mode: OWNER_ONLY })
    if (publicKey !== undefined)
      await writeNew(at(`${name}.pub.pem`), publicKey, { shown: `${name}.pub.pem`, mode: PUBLIC })
    const shared =
      publicKey === undefined ? 'both sides need it' : `give ${name}.pub.pem to whoever verifies`
    await write(io.stdout, `${secret}  ${flags.algorithm}; keep it to yourself, ${shared}\n`)
    if (flags.algorithm === 'EdDSA')
      await write(
        io.stderr,
        'note: OPA servers refuse EdDSA in their `keys` configuration; it works with --verification-key only\n',
      )
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, false)
  }
}
