import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { exit, type ExitCode } from '../exit.ts'
import { writeNew } from '../io/write-file.ts'
import { guardrailFiles, parseGuardrailName } from '../rego/template.ts'
import { ParapetError } from '../text/error.ts'
import { parsePriority, priorities } from '../text/priority.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'
import type { NewFlags } from './new.ts'

/** Carries out `parapet new`. */
export async function runNew(name: string, flags: NewFlags, io: Io): Promise<ExitCode> {
  try {
    const priority = parsePriority(flags.priority)
    if (!priority) {
      throw new ParapetError('USAGE', `\`${flags.priority}\` is not a priority`, {
        help: `priorities are ${priorities.join(', ')}`,
      })
    }
    for (const { file, text } of guardrailFiles(parseGuardrailName(name), priority)) {
      const shown = path.join(flags.dir, file)
      const target = path.resolve(io.cwd, shown)
      await mkdir(path.dirname(target), { recursive: true })
      await writeNew(target, text, { shown })
      await write(io.stdout, `${shown}\n`)
    }
    await write(io.stderr, `next: parapet check ${flags.dir}\n`)
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, false)
  }
}
