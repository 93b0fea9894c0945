import type { Bundle } from '../bundle/bundle.ts'
import { readBundle } from '../bundle/read.ts'
import { type Verification, verifyBundle } from '../bundle/verify.ts'
import { exit, type ExitCode } from '../exit.ts'
import { readBundleFile } from '../io/policy/bundle-file.ts'
import { ParapetError } from '../text/error.ts'
import type { Recompilation } from '../toolchain/recompile.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'
import { trustOf } from './trust-options.ts'
import type { VerifyFlags } from './verify.ts'

/** Carries out `parapet verify`. */
export async function runVerify(file: string, flags: VerifyFlags, io: Io): Promise<ExitCode> {
  const structured = flags.format === 'json'
  try {
    const trust = await trustOf(flags, io)
    if (trust ? flags.unsigned : !flags.unsigned) throw whomToTrust(trust !== undefined)
    const { bundle } = await readBundle(await readBundleFile(file, io.cwd), { file })
    const signature = trust && (await verifyBundle(bundle, trust, { file }))
    const compiled = flags.recompile ? await compileAgain(bundle) : undefined
    await write(
      io.stdout,
      structured ? document(file, signature, compiled) : text(file, signature, compiled),
    )
    if (signature?.state === 'refused' || compiled?.state === 'different') return exit.bad
    return compiled?.state === 'unknown' ? exit.unanswered : exit.ok
  } catch (error) {
    return reportFailure(io, error, structured)
  }
}

function whomToTrust(isBoth: boolean): ParapetError {
  if (isBoth) return new ParapetError('USAGE', '--unsigned contradicts a key to verify with')
  return new ParapetError('USAGE', 'there is no key to verify with', {
    help: 'give --verify-key or --trust, or say --unsigned if no signature is wanted',
  })
}

async function compileAgain(bundle: Bundle): Promise<Recompilation> {
  const { Toolchain } = await import('../toolchain/toolchain.ts')
  const { recompile } = await import('../toolchain/recompile.ts')
  const toolchain = Toolchain.open()
  try {
    return await recompile(toolchain, bundle)
  } finally {
    await toolchain.close()
  }
}

const COMPILED = {
  same: 'policy.wasm and Rego are what the sources compile to',
  different: 'the bundle is not what its sources compile to',
  unknown: 'nobody can tell',
} as const

function text(
  file: string,
  signature: Verification | undefined,
  compiled: Recompilation | undefined,
): string {
  const lines = [file]
  if (signature?.state === 'verified') {
    const { keyId, algorithm, scope, files } = signature
    lines.push(
      `  signature   verified: key ${keyId}, ${algorithm}${scope ? `, scope ${scope}` : ''}, ${files} files`,
    )
  } else if (signature) {
    lines.push('  signature   refused')
    lines.push(...signature.diagnostics.map(({ code, message }) => `    ${message} [${code}]`))
  }
  if (compiled) {
    lines.push(`  recompiled  ${COMPILED[compiled.state]} (OPA ${compiled.opa})`)
    lines.push(...compiled.reasons.map((reason) => `    ${reason}`))
  }
  return `${lines.join('\n')}\n`
}

function document(
  file: string,
  signature: Verification | undefined,
  compiled: Recompilation | undefined,
): string {
  const { keyId, algorithm, scope, files, state, diagnostics } = signature ?? {}
  const checked = signature && {
    state,
    files,
    keyid: keyId ?? null,
    algorithm: algorithm ?? null,
    scope: scope ?? null,
    faults: diagnostics!.map(({ code, message }) => ({ code, message })),
  }
  return `${JSON.stringify({ bundle: file, signature: checked ?? null, recompiled: compiled ?? null })}\n`
}
