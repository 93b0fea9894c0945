import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import { dateFault } from '../engine/exception-dates.ts'
import { exceptionName, matchOf, withException } from '../engine/exception-file.ts'
import { type Exception, matchTextsOf } from '../engine/exception.ts'
import { isDateOrTime } from '../engine/exceptions.ts'
import { exit, type ExitCode } from '../exit.ts'
import { type FoundIn, foundInRequest, readExceptions } from '../io/exceptions.ts'
import { writeWhole } from '../io/write-file.ts'
import { ParapetError } from '../text/error.ts'
import { nearest } from '../text/nearest.ts'
import type { ExceptionAddFlags } from './exception.ts'
import { writeFalcoExceptions } from './exception-falco-run.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'
import { withSettings } from './settings.ts'

/** Carries out `parapet exception add`. */
export async function runExceptionAdd(
  given: ExceptionAddFlags,
  verb: Command,
  io: Io,
): Promise<ExitCode> {
  try {
    const flags = await withSettings(given, verb, io)
    const { from, auditId, policy, data, to, falcoTo } = flags
    checkFlags(flags)
    const there = await existing(to, io.cwd)
    const found = await foundInRequest(from, auditId, {
      policies: policy,
      data: there ? [...data, there.document.file] : data,
      cwd: io.cwd,
      onNotice: (text) => void io.stderr.write(`${text}\n`),
    })
    const exception = draft(choose(found, flags), flags, there?.exceptions ?? [])
    const text = withException(there?.document, exception)
    if (to === undefined) {
      await write(io.stdout, text)
      return exit.ok
    }
    await writeWhole(path.resolve(io.cwd, to), text, { shown: to })
    await write(io.stdout, `${to}: ${exception.name}\n`)
    if (falcoTo === undefined) return exit.ok
    const all = [...(there?.exceptions ?? []), exception]
    return await writeFalcoExceptions(all, { rules: flags.rules, output: falcoTo }, io)
  } catch (error) {
    return reportFailure(io, error, false)
  }
}

function checkFlags({ until, reason, to, falcoTo }: ExceptionAddFlags): void {
  if (!isDateOrTime(until)) {
    throw new ParapetError('USAGE', `\`--until ${until}\` is no date`, {
      help: 'write `2027-01-31`, or in UTC `2027-01-31T08:00:00Z`; the exception ends when it begins',
    })
  }
  const fault = dateFault(until, Date.now())
  if (fault) {
    throw new ParapetError(fault.code, `the exception ${fault.message}`, {
      help: 'give another date with --until',
    })
  }
  if (reason.trim() === '') {
    throw new ParapetError('USAGE', '`--reason` is empty', { help: 'say it in a few words' })
  }
  if (falcoTo !== undefined && to === undefined) {
    throw new ParapetError('USAGE', '`--falco-to` needs `--to`', {
      help: 'Falco’s file is made from all exceptions of a file of data',
    })
  }
}

type Existing = Awaited<ReturnType<typeof readExceptions>>

async function existing(to: string | undefined, cwd: string): Promise<Existing | undefined> {
  return to !== undefined && existsSync(path.resolve(cwd, to)) ? readExceptions(to, cwd) : undefined
}

function choose(found: readonly FoundIn[], { rule, from, auditId }: ExceptionAddFlags): FoundIn {
  const ids = found.map(({ guardrail }) => guardrail)
  const chosen = rule === undefined ? found : found.filter(({ guardrail }) => guardrail === rule)
  const [one, other] = chosen
  if (!one) {
    const what = rule === undefined ? 'no guardrail finds' : `\`${rule}\` does not find`
    const meant = rule === undefined ? undefined : nearest(rule, ids)
    throw new ParapetError('NOTHING_FOUND', `${what} anything in the request \`${auditId}\``, {
      file: from,
      help: meant
        ? `did you mean \`${meant}\`?`
        : ids.length > 0
          ? `these do: ${ids.join(', ')}`
          : 'name the policies and data that the finding came from',
    })
  }
  if (other) {
    throw new ParapetError('USAGE', `several guardrails find something in the request`, {
      file: from,
      help: `choose one with --rule: ${ids.join(', ')}`,
    })
  }
  const { exception } = one
  if (!exception) return one
  throw new ParapetError(
    'EXCEPTION_THERE',
    `the exception \`${exception.name}\` covers this until ${exception.until}`,
    { file: from, help: 'change that one where it should hold longer' },
  )
}

function draft(
  { guardrail, event }: FoundIn,
  { name, until, reason }: ExceptionAddFlags,
  others: readonly Exception[],
): Exception {
  const texts = matchTextsOf(event)
  for (const [key, text] of Object.entries(texts)) {
    if (!text?.endsWith('*')) continue
    throw new ParapetError(
      'EXCEPTION_TOO_WIDE',
      `the request’s ${key} \`${text}\` ends with a star`,
      {
        help: 'an exception would take the star for any text',
      },
    )
  }
  const taken = new Set(others.map((other) => other.name))
  if (name !== undefined && taken.has(name)) {
    throw new ParapetError('USAGE', `there is an exception \`${name}\` already`, {
      help: 'choose another name',
    })
  }
  return {
    name: name ?? exceptionName(guardrail, texts.user, taken),
    guardrail,
    until,
    reason: reason.trim(),
    match: matchOf(texts),
  }
}
