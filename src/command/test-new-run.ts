import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { exit, type ExitCode } from '../exit.ts'
import { type NewCase, newCases } from '../io/testing/new-case.ts'
import { writeWhole } from '../io/write-file.ts'
import { withCase } from '../testing/new-case.ts'
import { ParapetError } from '../text/error.ts'
import { Toolchain } from '../toolchain/toolchain.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'
import type { TestNewFlags } from './test-new.ts'

/** Carries out `parapet test new`. */
export async function runTestNew(
  source: string,
  { from, auditId, guardrail, output }: TestNewFlags,
  io: Io,
): Promise<ExitCode> {
  const toolchain = Toolchain.open()
  try {
    const cases = await newCases(toolchain, {
      source,
      log: from,
      auditID: auditId,
      guardrail,
      cwd: io.cwd,
    })
    const [only, ...more] = cases
    if (output !== undefined && more.length > 0) throw several(cases)
    const file = output ?? (guardrail === undefined ? undefined : only!.file)
    if (file === undefined) await write(io.stdout, cases.map(printed).join('\n'))
    else await append(file, only!.text, io)
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, false)
  } finally {
    await toolchain.close()
  }
}

function printed({ guardrail, text }: NewCase): string {
  return `# ${guardrail.id}\n${text}`
}

async function append(shown: string, text: string, io: Io): Promise<void> {
  const file = path.resolve(io.cwd, shown)
  const before = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return ''
    throw new ParapetError('FILE_UNREADABLE', `\`${shown}\` cannot be read`, { file: shown, cause })
  })
  await writeWhole(file, withCase(before, text), { shown })
  await write(io.stderr, `${shown}: a case was added; give it a note of its own\n`)
}

function several(cases: readonly NewCase[]): ParapetError {
  const ids = cases.map(({ guardrail }) => guardrail.id).join(', ')
  return new ParapetError('USAGE', 'several guardrails find something in this event', {
    help: `name one of them with --guardrail: ${ids}`,
  })
}
