import { access, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { exit, type ExitCode } from '../exit.ts'
import { writeNew } from '../io/write-file.ts'
import { projectFiles } from '../rego/template.ts'
import { ParapetError } from '../text/error.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'

/** Carries out `parapet init`. */
export async function runInit(folder: string, io: Io): Promise<ExitCode> {
  try {
    const files = projectFiles()
    for (const { file } of files) await refuseExisting(path.resolve(io.cwd, folder, file), file)
    for (const { file, text } of files) {
      const target = path.resolve(io.cwd, folder, file)
      await mkdir(path.dirname(target), { recursive: true })
      await writeNew(target, text, { shown: path.join(folder, file) })
      await write(io.stdout, `${path.join(folder, file)}\n`)
    }
    await write(
      io.stderr,
      'next: write your registries and networks into org.yaml, then parapet scan\n',
    )
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, false)
  }
}

/** Looked at beforehand, so that nothing is written where not all can be. */
async function refuseExisting(target: string, file: string): Promise<void> {
  const exists = await access(target).then(
    () => true,
    () => false,
  )
  if (!exists) return
  throw new ParapetError('OUTPUT_EXISTS', `\`${file}\` is there already`, {
    file,
    help: 'name an empty folder',
  })
}
