import type { ExitCode } from '../exit.ts'
import { formatRules } from '../falco/index.ts'
import { readRulesFiles } from '../io/policy/falco.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import { locate } from '../text/diagnostic.ts'
import { reportFailure } from './failure.ts'
import type { FalcoFmtFlags } from './falco.ts'
import { Formatting } from './formatting.ts'
import type { Io } from './io.ts'

/** Carries out `parapet falco fmt`. */
export async function runFalcoFmt(
  files: readonly string[],
  flags: FalcoFmtFlags,
  io: Io,
): Promise<ExitCode> {
  try {
    const documents = await readRulesFiles(files, io.cwd)
    const out = new Formatting(flags.check === true, io)
    for (const document of documents) {
      const { text, diagnostics } = formatRules(document)
      if (text !== undefined) await out.formatted(document, text)
      else {
        const located = diagnostics.map((each) => locate(each, documents))
        await out.refused(diagnosticsText(located, 'pretty'))
      }
    }
    return await out.end()
  } catch (error) {
    return reportFailure(io, error, false)
  }
}
