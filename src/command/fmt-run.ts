import path from 'node:path'
import { exit, type ExitCode } from '../exit.ts'
import { readPolicyFolder } from '../io/policy-folder.ts'
import { writeWhole } from '../io/write-file.ts'
import { countText } from '../report/words.ts'
import { ParapetError } from '../text/error.ts'
import type { RegoSource } from '../toolchain/sources.ts'
import { Toolchain } from '../toolchain/toolchain.ts'
import { renderFailure, reportFailure } from './failure.ts'
import type { FmtFlags } from './fmt.ts'
import { type Io, write } from './io.ts'

/** Carries out `parapet fmt`. */
export async function runFmt(policies: string[], flags: FmtFlags, io: Io): Promise<ExitCode> {
  const toolchain = Toolchain.open()
  try {
    let changed = 0
    let refused = 0
    for (const source of await sourcesOf(policies, io)) {
      try {
        const text = await formatted(toolchain, source)
        if (text === source.text) continue
        changed += 1
        await write(io.stdout, `${source.file}\n`)
        if (!flags.check)
          await writeWhole(path.resolve(io.cwd, source.file), text, { shown: source.file })
      } catch (error) {
        if (!(error instanceof ParapetError)) throw error
        refused += 1
        await write(io.stderr, renderFailure(error))
      }
    }
    const what = flags.check ? 'not formatted' : 'formatted'
    await write(io.stderr, `${countText(changed, 'file')} ${what}\n`)
    if (refused > 0) return exit.unanswered
    return flags.check && changed > 0 ? exit.bad : exit.ok
  } catch (error) {
    return reportFailure(io, error, false)
  } finally {
    await toolchain.close()
  }
}

async function sourcesOf(policies: readonly string[], io: Io): Promise<RegoSource[]> {
  const sources: RegoSource[] = []
  for (const policy of policies) {
    const at = path.resolve(io.cwd, policy)
    const folder = await readPolicyFolder(at, { shown: policy })
    sources.push(...folder.policy.modules)
  }
  return sources
}

/**
 * The formatted text, if it means the same. OPA's formatter has been seen to move the value of an
 * `else` that is a template string, so both texts are parsed and compared.
 */
async function formatted(toolchain: Toolchain, source: RegoSource): Promise<string> {
  const text = await toolchain.format(source)
  if (text === source.text) return text
  const before = await toolchain.parse(source)
  const after = await toolchain.parse({ ...source, text })
  if (meaning(before) === meaning(after)) return text
  throw new ParapetError('FORMAT_UNSAFE', 'formatting would change what this file means', {
    file: source.file,
    help: 'the file was left as it is; write the rule with `else` in another way',
  })
}

/** A syntax tree without what formatting may change: places, comments and the grouping of terms. */
function meaning(tree: unknown): string {
  return JSON.stringify(tree, (key, value: unknown) =>
    key === 'location' || key === 'comments' || key === 'annotations' ? undefined : value,
  )
}
