import path from 'node:path'
import { falcoChartValues, rulesConfigMap } from '../bundle/deploy/falco-chart.ts'
import { exit, type ExitCode } from '../exit.ts'
import { readSource } from '../io/source.ts'
import { writeWhole } from '../io/write-file.ts'
import { reportFailure } from './failure.ts'
import type { FalcoPackageFlags } from './falco-package.ts'
import { type Io, write } from './io.ts'

/** Carries out `parapet falco package`. */
export async function runFalcoPackage(
  files: string[],
  flags: FalcoPackageFlags,
  io: Io,
): Promise<ExitCode> {
  try {
    const rules = await Promise.all(
      files.map((file) => readSource(path.resolve(io.cwd, file), file)),
    )
    const written = {
      'values.yaml': falcoChartValues(rules),
      'configmap.yaml': rulesConfigMap(rules, flags),
    }
    for (const [name, text] of Object.entries(written)) {
      const shown = path.join(flags.output, name)
      await writeWhole(path.resolve(io.cwd, shown), text, { shown })
      await write(io.stdout, `${shown}\n`)
    }
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, false)
  }
}
