import { dateFault } from '../engine/exception-dates.ts'
import type { Exception } from '../engine/exception.ts'
import { exit, type ExitCode } from '../exit.ts'
import { readExceptions } from '../io/exceptions.ts'
import { exceptionsDocument, exceptionsText } from '../report/exceptions.ts'
import type { ExceptionListFlags } from './exception.ts'
import { reportFailure } from './failure.ts'
import { type Io, paintFor, write } from './io.ts'

/** Carries out `parapet exception list`. */
export async function runExceptionList(
  files: readonly string[],
  { format }: ExceptionListFlags,
  io: Io,
): Promise<ExitCode> {
  const structured = format === 'json'
  try {
    const exceptions: Exception[] = []
    for (const file of files) exceptions.push(...(await readExceptions(file, io.cwd)).exceptions)
    const now = Date.now()
    const text = structured
      ? exceptionsDocument(exceptions, now)
      : exceptionsText(exceptions, now, paintFor(io, io.stdout))
    await write(io.stdout, text)
    return exceptions.some(({ until }) => dateFault(until, now)) ? exit.bad : exit.ok
  } catch (error) {
    return reportFailure(io, error, structured)
  }
}
