import path from 'node:path'
import { exit, type ExitCode } from '../exit.ts'
import { formatRules } from '../falco/index.ts'
import { readRulesFiles } from '../io/falco.ts'
import { writeWhole } from '../io/write-file.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import { countText } from '../report/words.ts'
import { locate } from '../text/diagnostic.ts'
import { reportFailure } from './failure.ts'
import type { FalcoFmtFlags } from './falco.ts'
import { type Io, write } from './io.ts'

/** Carries out `parapet falco fmt`. */
export async function runFalcoFmt(
  files: readonly string[],
  flags: FalcoFmtFlags,
  io: Io,
): Promise<ExitCode> {
  try {
    const documents = await readRulesFiles(files, io.cwd)
    let changed = 0
    let refused = 0
    for (const document of documents) {
      const { file } = document
      const { text, diagnostics } = formatRules(document)
      if (text === undefined) {
        refused += 1
        await write(
          io.stderr,
          diagnosticsText(
            diagnostics.map((each) => locate(each, documents)),
            'pretty',
          ),
        )
      } else if (text !== document.text) {
        changed += 1
        await write(io.stdout, `${file}\n`)
        if (!flags.check) await writeWhole(path.resolve(io.cwd, file), text, { shown: file })
      }
    }
    const what = flags.check ? 'not formatted' : 'formatted'
    await write(io.stderr, `${countText(changed, 'file')} ${what}\n`)
    if (refused > 0) return exit.unanswered
    return flags.check && changed > 0 ? exit.bad : exit.ok
  } catch (error) {
    return reportFailure(io, error, false)
  }
}
