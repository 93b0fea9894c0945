import type { Inspection } from '../bundle/inspect.ts'
import type { Verification } from '../bundle/verify.ts'
import type { NeededBuiltin } from '../rego/needs.ts'
import { bytesText, countText } from './words.ts'

/** What `parapet inspect` tells of a bundle. */
export interface InspectionReport {
  readonly file: string
  /** Size of the archive as it is stored, in bytes. */
  readonly archiveBytes: number
  readonly inspection: Inspection
  readonly builtins: readonly NeededBuiltin[]
  readonly notes: readonly string[]
  /** Undefined where no key was given to verify with. */
  readonly verification: Verification | undefined
}

/** The report as one JSON document. */
export function inspectionDocument(report: InspectionReport): string {
  const { file, archiveBytes, inspection, builtins, notes, verification } = report
  const { manifest, guardrails, signature, ...rest } = inspection
  const { metadata, ...fields } = manifest
  const { guardrails: _described, ...other } = metadata ?? {}
  const document = {
    bundle: file,
    archiveBytes,
    ...rest,
    manifest: { ...fields, metadata: other },
    guardrails: guardrails.map((guardrail) => guardrail.metadata),
    builtins,
    signature: { ...signature, ...(verification && verificationOf(verification)) },
    notes,
  }
  return `${JSON.stringify(document, (_key, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value))}\n`
}

function verificationOf({ state, keyId, algorithm, scope, diagnostics }: Verification): object {
  return {
    state,
    keyId,
    algorithm,
    scope,
    faults: diagnostics.map(({ code, message }) => ({ code, message })),
  }
}

/** The report for a reader. */
export function inspectionText(report: InspectionReport): string {
  const { file, archiveBytes, inspection, builtins, notes } = report
  const { manifest, files, guardrails, compiledBy, bytes, kind } = inspection
  const lines = [
    file,
    ...field('kind', kind === 'delta' ? 'delta' : undefined),
    ...field('revision', manifest.revision || 'none'),
    ...field('roots', manifest.roots.map((root) => root || '(everything)').join(', ')),
    ...field('signature', signatureText(report)),
    ...field('compiled by', compiledBy && `OPA ${compiledBy}`),
    ...field('size', `${bytesText(archiveBytes)}, ${bytesText(bytes)} unpacked`),
    '',
    `${countText(guardrails.length, 'guardrail')}`,
    ...guardrails.map(
      ({ id, priority, title, portable }) =>
        `  ${pad(id, 28)} ${pad(priority, 13)} ${title}${portable ? '' : ' (not portable)'}`,
    ),
    '',
    `${countText(manifest.wasm.length, 'entrypoint')}`,
    ...manifest.wasm.map(({ entrypoint }) => `  ${entrypoint}`),
    '',
    `${countText(builtins.length, 'builtin')} that policy.wasm asks its host for`,
    ...builtins.map(
      ({ name, inSdk, inParapet }) =>
        `  ${pad(name, 28)} ${inSdk ? 'in every SDK' : inParapet ? 'Parapet and OPA; the stock SDK lacks it' : 'OPA only; the stock SDK lacks it'}`,
    ),
    '',
    `${countText(files.length, 'file')}`,
    ...files.map(
      ({ name, bytes: size, hash, kind: what }) =>
        `  ${hash.slice(0, 16)}  ${bytesText(size).padStart(10)}  ${name}${what === 'leftover' || what === 'ignored' ? `  (${what})` : ''}`,
    ),
    ...notes.map((note) => `note: ${note}`),
  ]
  return `${lines.join('\n')}\n`
}

function signatureText({ inspection, verification }: InspectionReport): string {
  if (verification?.state === 'verified')
    return `verified with key ${verification.keyId}, ${verification.algorithm}${verification.scope ? `, scope ${verification.scope}` : ''}`
  if (verification)
    return `refused: ${verification.diagnostics.map(({ message }) => message).join('; ')}`
  const { signature } = inspection
  if (signature.state === 'none') return 'none'
  const { keyId, algorithm, scope } = signature.claims
  return `not checked; it says key ${keyId ?? '(none)'}, ${algorithm ?? 'no algorithm'}${scope === undefined ? '' : `, scope ${scope}`}`
}

function field(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`  ${pad(name, 12)} ${value}`]
}

function pad(text: string, width: number): string {
  return text.padEnd(width)
}
