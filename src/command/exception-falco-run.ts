import path from 'node:path'
import type { Exception } from '../engine/exception.ts'
import { exit, type ExitCode } from '../exit.ts'
import { falcoExceptions, readExceptions } from '../io/exceptions.ts'
import { builtinRules } from '../io/installed.ts'
import { writeWhole } from '../io/write-file.ts'
import type { ExceptionFalcoFlags } from './exception.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'

/** Carries out `parapet exception falco`. */
export async function runExceptionFalco(
  files: readonly string[],
  flags: ExceptionFalcoFlags,
  io: Io,
): Promise<ExitCode> {
  try {
    const exceptions: Exception[] = []
    for (const file of files) exceptions.push(...(await readExceptions(file, io.cwd)).exceptions)
    return await writeFalcoExceptions(exceptions, flags, io)
  } catch (error) {
    return reportFailure(io, error, false)
  }
}

/** Writes exceptions for Falco, and says which ones it cannot express. */
export async function writeFalcoExceptions(
  exceptions: readonly Exception[],
  { rules, output }: ExceptionFalcoFlags,
  io: Io,
): Promise<ExitCode> {
  const sources =
    rules.length > 0 ? rules : [{ path: builtinRules, shown: 'the built-in Falco rules' }]
  const { text, left } = await falcoExceptions(exceptions, sources, io.cwd)
  for (const { exception, reason } of left) {
    await write(io.stderr, `${exception.name} is not in Falco’s file: ${reason}\n`)
  }
  if (output === undefined) await write(io.stdout, text)
  else {
    await writeWhole(path.resolve(io.cwd, output), text, { shown: output })
    await write(io.stdout, `${output}\n`)
  }
  return left.length > 0 ? exit.bad : exit.ok
}
