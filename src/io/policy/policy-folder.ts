import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ParapetError } from '../../text/error.ts'
import type { LocatedDiagnostic } from '../../text/diagnostic.ts'
import { isObject } from '../../text/json.ts'
import { POLICY_BYTES_MAX, POLICY_FILES_MAX, SOURCE_BYTES_MAX } from '../../text/limits.ts'
import type { PolicySources, RegoSource } from '../../toolchain/sources.ts'
import { policyFileKind, policyFolderKind, schemaName } from './policy-files.ts'
import { readStructured } from '../structured.ts'

/** A policy as it was read from disk. */
export interface PolicyFolder {
  readonly policy: PolicySources
  /** Warnings: what was left out, by name. */
  readonly diagnostics: readonly LocatedDiagnostic[]
}

export interface PolicyFolderOptions {
  /** What messages call the path. Default: the path itself. */
  readonly shown?: string
}

/**
 * Reads a policy: a folder with *.rego, data.json and data.yaml (mounted at the path of their
 * folder), schemas/*.json and .manifest, or a single .rego file. Throws a ParapetError that carries
 * every broken file with its line.
 */
export async function readPolicyFolder(
  path: string,
  options: PolicyFolderOptions = {},
): Promise<PolicyFolder> {
  const shown = slashes(options.shown ?? path)
  const info = await stat(path).catch((cause: unknown) => {
    throw unreadable(shown, cause)
  })
  if (!info.isDirectory() && !path.endsWith('.rego')) throw notPolicy(shown)
  const reader = new FolderReader(path, shown)
  if (info.isDirectory()) await reader.walk('')
  else await reader.file(basename(path), { at: path, shown })
  return reader.finish()
}

/** Where a file is, and what messages call it. */
interface Found {
  readonly at: string
  readonly shown: string
}

class FolderReader {
  readonly #root: string
  readonly #shown: string
  readonly #modules: RegoSource[] = []
  readonly #documents: RegoSource[] = []
  readonly #schemas: Record<string, unknown> = {}
  readonly #diagnostics: LocatedDiagnostic[] = []
  #manifest: Readonly<Record<string, unknown>> | undefined
  #files = 0
  #bytes = 0

  constructor(root: string, shown: string) {
    this.#root = root
    this.#shown = shown
  }

  /** Reads a folder and those below it, in the order of their names. */
  async walk(folder: string): Promise<void> {
    const { at, shown } = this.#found(folder)
    const entries = await readdir(at, { withFileTypes: true }).catch((cause: unknown) => {
      throw unreadable(shown, cause)
    })
    entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) await this.#folder(path, entry.name)
      else await this.#entry(path, entry.isSymbolicLink())
    }
  }

  /** Reads one file; `path` is its path inside the folder. */
  async file(path: string, found: Found = this.#found(path)): Promise<void> {
    const kind = policyFileKind(path)
    if (kind === 'leftover') this.#skipped(found, 'looks like a leftover of an editor')
    if (kind === 'leftover' || kind === 'other') return
    const text = await this.#read(found)
    if (text === undefined) return
    const source: RegoSource = { file: found.shown, path, text }
    if (kind === 'module') this.#modules.push(source)
    else this.#structured(kind, source, path)
  }

  /** The policy, or a ParapetError with everything that was found wrong. */
  finish(): PolicyFolder {
    ParapetError.throwFirst(this.#diagnostics)
    if (this.#modules.length === 0) throw empty(this.#shown)
    const policy: PolicySources = {
      modules: this.#modules,
      documents: this.#documents,
      schemas: this.#schemas,
      ...(this.#manifest && { manifest: this.#manifest }),
    }
    return { policy, diagnostics: this.#diagnostics }
  }

  async #folder(path: string, name: string): Promise<void> {
    const kind = policyFolderKind(name)
    if (kind === 'read') await this.walk(path)
    else if (kind === 'named') this.#skipped(this.#found(path), 'the folder is not searched')
  }

  /** A link is followed to a file, as a mounted ConfigMap needs, but not to a folder: it may be its own. */
  async #entry(path: string, isLink: boolean): Promise<void> {
    const found = this.#found(path)
    if (isLink) {
      const target = await stat(found.at).catch(() => undefined)
      if (!target) return this.#skipped(found, 'is a link to nothing')
      if (target.isDirectory()) {
        const name = path.slice(path.lastIndexOf('/') + 1)
        if (policyFolderKind(name) !== 'quiet') this.#skipped(found, 'is a link to a folder')
        return
      }
    }
    await this.file(path, found)
  }

  #found(path: string): Found {
    if (path === '') return { at: this.#root, shown: this.#shown }
    const before = this.#shown === '.' ? '' : `${this.#shown.replace(/\/+$/, '')}/`
    return { at: join(this.#root, path), shown: `${before}${path}` }
  }

  async #read({ at, shown: file }: Found): Promise<string | undefined> {
    this.#files += 1
    if (this.#files > POLICY_FILES_MAX) throw tooLarge(this.#shown, `${POLICY_FILES_MAX} files`)
    const { size } = await stat(at).catch((cause: unknown) => {
      throw unreadable(file, cause)
    })
    if (size > SOURCE_BYTES_MAX) throw tooLarge(file, `${SOURCE_BYTES_MAX} bytes`)
    this.#bytes += size
    if (this.#bytes > POLICY_BYTES_MAX) throw tooLarge(this.#shown, `${POLICY_BYTES_MAX} bytes`)
    const bytes = await readFile(at).catch((cause: unknown) => {
      throw unreadable(file, cause)
    })
    try {
      // The mark stays: what the compiler gets is what stands in the file.
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      this.#error('FILE_ENCODING', file, 'the file is not UTF-8')
      return undefined
    }
  }

  #structured(kind: 'document' | 'schema' | 'manifest', source: RegoSource, path: string): void {
    const read = readStructured(source)
    if (read.diagnostics) {
      this.#diagnostics.push(...read.diagnostics)
      return
    }
    const { value } = read
    if (!isObject(value) && (kind !== 'document' || !path.includes('/'))) {
      this.#error('FILE_NOT_OBJECT', source.file, 'the file does not hold an object')
    } else if (kind === 'document') this.#documents.push(source)
    else if (kind === 'schema') this.#schemas[schemaName(path)] = value
    else this.#manifest = value as Readonly<Record<string, unknown>>
  }

  #error(code: string, file: string, message: string): void {
    this.#diagnostics.push({ code, severity: 'error', message, file, line: 1 })
  }

  #skipped({ shown: file }: Found, why: string): void {
    const message = `\`${file}\` was left out: ${why}`
    this.#diagnostics.push({ code: 'POLICY_FILE_SKIPPED', severity: 'warning', message, file })
  }
}

function basename(path: string): string {
  return slashes(path).slice(slashes(path).lastIndexOf('/') + 1)
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/')
}

function unreadable(path: string, cause: unknown): ParapetError {
  const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
  const message = missing ? `no policy at \`${path}\`` : `cannot read \`${path}\``
  return new ParapetError(missing ? 'POLICY_NOT_FOUND' : 'POLICY_UNREADABLE', message, {
    file: path,
    cause,
  })
}

function notPolicy(path: string): ParapetError {
  return new ParapetError('POLICY_UNSUPPORTED', `\`${path}\` is no Rego policy`, {
    file: path,
    help: 'give a folder or a .rego file',
  })
}

function empty(path: string): ParapetError {
  return new ParapetError('POLICY_EMPTY', `no .rego file in \`${path}\``, { file: path })
}

function tooLarge(file: string, limit: string): ParapetError {
  return new ParapetError('POLICY_TOO_LARGE', `\`${file}\` has more than ${limit}`, { file })
}
