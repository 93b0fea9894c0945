import type { Dirent } from 'node:fs'
import { access, constants, readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { ParapetError } from '../../text/error.ts'
import { type PathGlob, pathGlob } from '../../text/glob.ts'
import { nearest } from '../../text/nearest.ts'
import { unreadable } from './chunks.ts'
import { compareLogs, type LogName, readLogName } from './rotation.ts'

/** A file to read. */
export interface InputPath {
  readonly path: string
  /** As the user would write it. */
  readonly shown: string
  /** The same for every way to name one file. */
  readonly identity: string
  /** In bytes; undefined for what is no regular file, such as a pipe. */
  readonly size: number | undefined
}

/** The files that an argument means, in order, and what was passed over. */
export interface FoundPaths {
  readonly paths: readonly InputPath[]
  readonly notices: readonly string[]
}

/**
 * Finds the files behind a path or glob. A folder stands for the logs in it, in time order.
 *
 * @throws ParapetError `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`, `INPUT_FOLDER_EMPTY`
 */
export async function findPaths(argument: string, cwd: string): Promise<FoundPaths> {
  const info = await stat(path.resolve(cwd, argument)).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR') throw unreadable(argument, cause)
  })
  if (info?.isDirectory()) return inFolder(argument, cwd)
  if (info) return { paths: [await inputPath(argument, cwd)], notices: [] }
  const glob = pathGlob(argument)
  if (glob) return matching(argument, glob, cwd)
  throw await notFound(argument, cwd)
}

async function notFound(argument: string, cwd: string): Promise<ParapetError> {
  const folder = path.dirname(argument)
  const names = await readdir(path.resolve(cwd, folder)).catch((): string[] => [])
  const near = nearest(path.basename(argument), names)
  const meant = near === undefined ? undefined : path.join(folder, near)
  return new ParapetError('INPUT_NOT_FOUND', `there is no file or folder \`${argument}\``, {
    file: argument,
    help: meant === undefined ? 'check the path' : `did you mean \`${meant}\`?`,
  })
}

/** @throws ParapetError `INPUT_UNREADABLE` */
async function inputPath(shown: string, cwd: string): Promise<InputPath> {
  const full = path.resolve(cwd, shown)
  try {
    await access(full, constants.R_OK)
    const info = await stat(full)
    const size = info.isFile() ? info.size : undefined
    return { path: full, shown, identity: await realpath(full), size }
  } catch (cause) {
    throw unreadable(shown, cause)
  }
}

async function inFolder(folder: string, cwd: string): Promise<FoundPaths> {
  const entries = await list(folder, cwd)
  const { logs, notices } = sortOut(entries.filter((entry) => !entry.name.startsWith('.')))
  const inside = (name: string): string => path.join(folder, name)
  if (logs.length === 0) {
    throw new ParapetError('INPUT_FOLDER_EMPTY', `the folder \`${folder}\` holds no logs`, {
      file: folder,
      help: 'logs end in .log, .json, .jsonl or .ndjson, with or without .gz; name other files themselves',
    })
  }
  const paths: InputPath[] = []
  for (const { name } of logs) paths.push(await inputPath(inside(name), cwd))
  return { paths, notices: notices.map(([name, why]) => `skipped ${inside(name)}: ${why}`) }
}

async function list(folder: string, cwd: string): Promise<Dirent[]> {
  try {
    return await readdir(path.resolve(cwd, folder), { withFileTypes: true })
  } catch (cause) {
    throw unreadable(folder, cause)
  }
}

type Notice = readonly [name: string, why: string]

function sortOut(entries: readonly Dirent[]): { logs: LogName[]; notices: Notice[] } {
  const notices: Notice[] = []
  const logs: LogName[] = []
  for (const entry of entries) {
    const log = readLogName(entry.name)
    if (entry.isDirectory()) notices.push([entry.name, 'a folder inside of the folder'])
    else if (!log) notices.push([entry.name, 'not a log by its name'])
    else logs.push(log)
  }
  const names = new Set(logs.map((log) => log.name))
  const twice = (log: LogName): boolean =>
    log.gzip && log.age !== undefined && names.has(log.name.slice(0, -3))
  for (const log of logs.filter(twice)) {
    notices.push([log.name, 'it is being packed from the file of that name without .gz'])
  }
  const kept = logs.filter((log) => !twice(log)).sort(compareLogs)
  return { logs: kept, notices: notices.sort((a, b) => (a[0] < b[0] ? -1 : 1)) }
}

async function matching(argument: string, glob: PathGlob, cwd: string): Promise<FoundPaths> {
  const names: string[] = []
  await collect(path.resolve(cwd, glob.base), '', glob, names)
  if (names.length === 0) {
    throw new ParapetError('INPUT_NOT_FOUND', `no file matches \`${argument}\``, {
      file: argument,
      help: 'check the pattern; `*` stays within a folder, `**` crosses folders',
    })
  }
  const paths: InputPath[] = []
  for (const name of inOrder(names)) {
    paths.push(await inputPath(glob.base === '' ? name : path.join(glob.base, name), cwd))
  }
  return { paths, notices: [] }
}

/** Collects the files that match, without following links to folders. */
async function collect(
  base: string,
  below: string,
  glob: PathGlob,
  names: string[],
): Promise<void> {
  const entries = await readdir(path.join(base, below), { withFileTypes: true }).catch(
    (): Dirent[] => [],
  )
  for (const entry of entries) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`
    const deeper = name.split('/').length < glob.levels && !entry.name.startsWith('.')
    if (entry.isDirectory() && deeper) await collect(base, name, glob, names)
    else if (!entry.isDirectory() && glob.matches(name)) names.push(name)
  }
}

/** Folders in the order of their names, and the files of each in time order. */
function inOrder(names: readonly string[]): string[] {
  const files = names.map((name) => {
    const base = path.posix.basename(name)
    const other: LogName = { name: base, family: base, age: undefined, gzip: false }
    return { name, folder: path.posix.dirname(name), log: readLogName(base) ?? other }
  })
  files.sort((a, b) => compare(a.folder, b.folder) || compareLogs(a.log, b.log))
  return files.map((file) => file.name)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
