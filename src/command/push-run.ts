import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Artifact } from '../bundle/oci/artifact.ts'
import { bundleArtifact } from '../bundle/oci/bundle-artifact.ts'
import { conftestArtifact } from '../bundle/oci/conftest-artifact.ts'
import { floatingTags, indexEntry, rulesfileArtifact } from '../bundle/oci/falco-artifact.ts'
import { type LaidOut, readLayout } from '../bundle/oci/layout.ts'
import { isOciReference, type OciReference, parseReference } from '../bundle/oci/reference.ts'
import { unpackTar } from '../bundle/archive.ts'
import { exit, type ExitCode } from '../exit.ts'
import { openBundleFile } from '../io/policy/bundle-file.ts'
import { loadKey } from '../io/keys.ts'
import { pushArtifact, pushLayout, type PushResult } from '../io/oci/transfer.ts'
import { readSource } from '../io/source.ts'
import { upload } from '../io/upload.ts'
import { writeWhole } from '../io/write-file.ts'
import { ParapetError } from '../text/error.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'
import { trustOf } from './trust-options.ts'
import type { PushFlags } from './push.ts'

/** Carries out `parapet push`. */
export async function runPush(
  file: string,
  target: string,
  flags: PushFlags,
  io: Io,
): Promise<ExitCode> {
  const structured = flags.format === 'json'
  try {
    const result = isOciReference(target)
      ? await pushOci(file, parseReference(target), flags, io)
      : await pushFile(file, target, flags, io)
    await write(io.stdout, structured ? `${JSON.stringify(result)}\n` : text(result))
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, structured)
  }
}

async function pushOci(
  file: string,
  reference: OciReference,
  flags: PushFlags,
  io: Io,
): Promise<PushResult> {
  const options = { env: io.env, plainHttp: flags.plainHttp === true, signal: io.signal }
  if (file.endsWith('.tar')) {
    const digests = await pushLayout(await savedArtifacts(file, io.cwd), reference, options)
    return { digest: digests[0] ?? '', references: digests, isSigned: false }
  }
  const artifact = await artifactOf(file, reference, flags, io)
  const floating = flags.release === undefined ? [] : floatingTags(flags.release)
  const signingKey = await signingKeyOf(flags, io)
  if (flags.indexEntry !== undefined) await writeEntry(flags.indexEntry, reference, flags, io.cwd)
  return pushArtifact(
    { artifact, reference, tags: [...flags.tag, ...floating], signingKey },
    options,
  )
}

async function artifactOf(
  file: string,
  reference: OciReference,
  flags: PushFlags,
  io: Io,
): Promise<Artifact> {
  const kind = flags.as ?? (/\.ya?ml$/.test(file) ? 'rulesfile' : 'bundle')
  if (kind === 'rulesfile') {
    const document = await readSource(path.resolve(io.cwd, file), file)
    const name = flags.name ?? reference.repository.split('/').at(-1)!
    const { release, source } = flags
    return rulesfileArtifact(document, {
      name,
      ...(release === undefined ? {} : { version: release }),
      ...(source === undefined ? {} : { source }),
    })
  }
  const { bundle, bytes } = await openBundleFile(file, io.cwd, await trustOf(flags, io))
  if (kind === 'conftest') return conftestArtifact(bundle)
  if (kind !== 'bundle')
    throw new ParapetError('USAGE', `\`--as ${kind}\` is not known`, {
      help: 'bundle, rulesfile or conftest',
    })
  const annotations =
    flags.source === undefined ? {} : { 'org.opencontainers.image.source': flags.source }
  return bundleArtifact(bytes, { revision: bundle.manifest.revision, annotations })
}

async function writeEntry(
  file: string,
  { registry, repository }: OciReference,
  flags: PushFlags,
  cwd: string,
): Promise<void> {
  const { description, source, keyRef } = flags
  const name = flags.name ?? repository.split('/').at(-1)!
  const text = indexEntry({
    name,
    registry,
    repository,
    ...(description === undefined ? {} : { description }),
    ...(source === undefined ? {} : { source }),
    ...(keyRef === undefined ? {} : { keyReference: keyRef }),
  })
  await writeWhole(path.resolve(cwd, file), text, { shown: file })
}

async function savedArtifacts(file: string, cwd: string): Promise<LaidOut[]> {
  const bytes = await readFile(path.resolve(cwd, file)).catch((cause: NodeJS.ErrnoException) => {
    throw new ParapetError('FILE_UNREADABLE', `\`${file}\` cannot be read (${cause.code})`, {
      file,
      cause,
    })
  })
  return readLayout(await unpackTar(bytes, file), file)
}

async function signingKeyOf({ signKey }: PushFlags, io: Io): Promise<KeyObject | undefined> {
  if (signKey === undefined) return undefined
  const { key } = await loadKey(signKey, { use: 'sign' }, io)
  if (!(key instanceof Uint8Array)) return key
  throw new ParapetError('KEY_ALGORITHM', 'cosign signs with key pairs, not with a secret')
}

async function pushFile(
  file: string,
  target: string,
  flags: PushFlags,
  io: Io,
): Promise<PushResult> {
  // What no OPA could load is not worth a bucket.
  const { bytes } = await openBundleFile(file, io.cwd, await trustOf(flags, io))
  const digest = await upload(bytes, target, { env: io.env, signal: io.signal })
  return { digest, references: [target], isSigned: false }
}

function text({ digest, references, isSigned }: PushResult): string {
  return `${references.map((reference) => `${reference}\n`).join('')}digest ${digest}${isSigned ? ', signed' : ''}\n`
}
