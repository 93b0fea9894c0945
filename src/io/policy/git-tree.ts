import { execFile, type ExecFileException } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ParapetError } from '../../text/error.ts'
import { POLICY_BYTES_MAX, POLICY_FILES_MAX } from '../../text/limits.ts'
import type { Place } from './place.ts'

const PREFIX = 'git:'
/** Longest answer of git that is read, besides the files themselves, in bytes. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024

/** A file or folder as it is in a commit: `git:REV` or `git:REV:PATH`, paths from the working folder. */
export interface GitSource {
  readonly revision: string
  readonly path: string
  /** The source in full. */
  readonly shown: string
}

export function isGitSource(source: string): boolean {
  return source.startsWith(PREFIX)
}

/**
 * @param usual the path where the source names none
 * @throws ParapetError `USAGE`
 */
export function parseGitSource(source: string, usual: string | undefined): GitSource {
  const [revision = '', ...rest] = source.slice(PREFIX.length).split(':')
  const file = rest.length > 0 ? rest.join(':') : usual
  if (revision !== '' && file) {
    return { revision, path: file, shown: `${PREFIX}${revision}:${file}` }
  }
  throw new ParapetError('USAGE', `\`${source}\` does not say what to read of which commit`, {
    help: 'write `git:REV:PATH`, for example `git:main:rego`; without PATH it is that of the other side',
  })
}

/** A file or folder of a commit, copied to a folder of its own. */
export interface CheckedOut extends Place {
  /** Removes the copy. */
  dispose(): Promise<void>
}

/**
 * Copies a file or folder of a commit out of git's database. The work tree and the index stay as they
 * are. Links and submodules are left out.
 * @throws ParapetError `GIT_FAILED`
 */
export async function checkOut(source: GitSource, cwd: string): Promise<CheckedOut> {
  const { shown } = source
  const git = repository(shown, cwd)
  const top = (await git(['rev-parse', '--show-toplevel'])).toString().replace(/\r?\n$/, '')
  const wanted = path.relative(top, path.resolve(await realpath(cwd), source.path))
  const commit = (
    await git([
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${source.revision}^{commit}`,
    ])
  )
    .toString()
    .trim()
  const entries = listed(
    await git(['ls-tree', '-r', '-l', '-z', '--full-tree', commit, '--', slashes(wanted) || '.']),
  )
  const files = within(entries, shown)
  const answer = await git(['cat-file', '--batch'], files.map(({ id }) => `${id}\n`).join(''))
  const root = await mkdtemp(path.join(tmpdir(), 'parapet-git-'))
  const dispose = (): Promise<void> => rm(root, { recursive: true, force: true })
  try {
    await unpack(answer, files, root)
  } catch (error) {
    await dispose()
    throw error
  }
  return { path: path.join(root, wanted), shown, dispose }
}

type Git = (args: readonly string[], input?: string) => Promise<Buffer>

function repository(shown: string, cwd: string): Git {
  return (args, input = '') =>
    new Promise((resolve, reject) => {
      const options = {
        encoding: 'buffer' as const,
        maxBuffer: POLICY_BYTES_MAX + ANSWER_BYTES_MAX,
      }
      const child = execFile('git', ['-C', cwd, ...args], options, (cause, stdout, stderr) => {
        if (!cause) return resolve(stdout)
        const why = reasonOf(cause, stderr.toString())
        reject(failed(shown, `git cannot read \`${shown}\`: ${why}`, cause))
      })
      child.stdin!.on('error', () => {})
      child.stdin!.end(input)
    })
}

function reasonOf({ code }: ExecFileException, stderr: string): string {
  if (code === 'ENOENT') return 'the program `git` is not there'
  // Asked for a commit that is not there, git says nothing.
  return stderr.trim().replace(/^fatal: /, '') || 'there is no such commit'
}

interface Entry {
  readonly id: string
  readonly size: number
  /** From the top of the repository, with `/`. */
  readonly path: string
}

/** The files of `git ls-tree -r -l -z`. */
function listed(answer: Buffer): Entry[] {
  return answer
    .toString()
    .split('\0')
    .flatMap((line) => {
      const found = /^100\d{3} blob ([\da-f]+) +(\d+)\t(.+)$/s.exec(line)
      return found ? [{ id: found[1]!, size: Number(found[2]), path: found[3]! }] : []
    })
}

function within(entries: readonly Entry[], shown: string): readonly Entry[] {
  const bytes = entries.reduce((sum, { size }) => sum + size, 0)
  if (entries.length === 0) throw failed(shown, `there are no files in \`${shown}\``)
  if (entries.length > POLICY_FILES_MAX || bytes > POLICY_BYTES_MAX) {
    throw failed(shown, `\`${shown}\` is too large: ${entries.length} files, ${bytes} bytes`)
  }
  return entries
}

/** Writes the files of `git cat-file --batch`, each behind a line with its id, kind and size. */
async function unpack(answer: Buffer, files: readonly Entry[], root: string): Promise<void> {
  let at = 0
  for (const { path: name, size } of files) {
    const start = answer.indexOf(0x0a, at) + 1
    const file = path.join(root, name)
    // A tree that git itself would refuse to check out.
    if (path.relative(root, file).startsWith('..')) continue
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, answer.subarray(start, start + size))
    at = start + size + 1
  }
}

function failed(file: string, message: string, cause?: unknown): ParapetError {
  return new ParapetError('GIT_FAILED', message, {
    file,
    help: 'write `git:REV:PATH` with a commit, tag or branch and a path that it has',
    cause,
  })
}

function slashes(file: string): string {
  return file.replaceAll('\\', '/')
}
