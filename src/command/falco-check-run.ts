import { exit, type ExitCode } from '../exit.ts'
import { type CheckCode, codePages, lintRules } from '../falco/index.ts'
import { readRulesFiles } from '../io/policy/falco.ts'
import { diagnosticsSarif } from '../report/diagnostics-sarif.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import { countText } from '../report/words.ts'
import { locate } from '../text/diagnostic.ts'
import { version } from '../version.ts'
import { reportFailure } from './failure.ts'
import type { FalcoCheckFlags } from './falco.ts'
import { type Io, write } from './io.ts'

/** Carries out `parapet falco check`. */
export async function runFalcoCheck(
  files: readonly string[],
  { format, strict }: FalcoCheckFlags,
  io: Io,
): Promise<ExitCode> {
  try {
    const documents = await readRulesFiles(files, io.cwd)
    const { compilation, diagnostics } = lintRules(documents)
    const located = diagnostics.map((each) => locate(each, documents))
    const rules = compilation?.rules.map(({ definition }) => definition.name) ?? []
    const text =
      format === 'sarif'
        ? diagnosticsSarif(located, { version, describe: (code) => codePages[code as CheckCode] })
        : diagnosticsText(located, format, { loads: compilation !== undefined, rules })
    await write(io.stdout, text)
    const count = (severity: string): number =>
      located.filter((diagnostic) => diagnostic.severity === severity).length
    const [errors, warnings] = [count('error'), count('warning')]
    if (format === 'pretty') {
      const found = [countText(errors, 'error'), countText(warnings, 'warning')].join(', ')
      const loaded = compilation ? countText(rules.length, 'rule') : 'not loaded'
      await write(io.stdout, `${loaded}, ${found}\n`)
    }
    return errors > 0 || (strict && warnings > 0) ? exit.bad : exit.ok
  } catch (error) {
    return reportFailure(io, error, format !== 'pretty')
  }
}
