import { exit, type ExitCode } from '../exit.ts'
import { bases } from '../testing/bases.ts'
import { ParapetError } from '../text/error.ts'
import { nearest } from '../text/nearest.ts'
import { reportFailure } from './failure.ts'
import { type Io, paintFor, write } from './io.ts'

/** Carries out `parapet test bases`. */
export async function runTestBases(name: string | undefined, io: Io): Promise<ExitCode> {
  try {
    await write(io.stdout, name === undefined ? listText(io) : eventText(name))
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, false)
  }
}

function listText(io: Io): string {
  const paint = paintFor(io, io.stdout)
  const width = Math.max(...[...bases.keys()].map((name) => name.length))
  const lines = [...bases].map(
    ([name, { description }]) => `${paint('strong', name.padEnd(width))}  ${description}`,
  )
  return `${lines.join('\n')}\n`
}

function eventText(name: string): string {
  const base = bases.get(name)
  if (base) return `${JSON.stringify(base.event, undefined, 2)}\n`
  const meant = nearest(name, bases.keys())
  throw new ParapetError('BASE_UNKNOWN', `there is no base \`${name}\``, {
    help: meant ? `did you mean \`${meant}\`?` : '`parapet test bases` lists them',
  })
}
