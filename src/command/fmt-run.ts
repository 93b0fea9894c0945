import path from 'node:path'
import type { ExitCode } from '../exit.ts'
import { readPolicyFolder } from '../io/policy/policy-folder.ts'
import { ParapetError } from '../text/error.ts'
import type { RegoSource } from '../toolchain/sources.ts'
import { Toolchain } from '../toolchain/toolchain.ts'
import { renderFailure, reportFailure } from './failure.ts'
import type { FmtFlags } from './fmt.ts'
import { Formatting } from './formatting.ts'
import type { Io } from './io.ts'

/** Carries out `parapet fmt`. */
export async function runFmt(policies: string[], flags: FmtFlags, io: Io): Promise<ExitCode> {
  const toolchain = Toolchain.open()
  try {
    const out = new Formatting(flags.check === true, io)
    for (const source of await sourcesOf(policies, io)) {
      try {
        await out.formatted(source, await formatted(toolchain, source))
      } catch (error) {
        if (!(error instanceof ParapetError)) throw error
        await out.refused(renderFailure(error))
      }
    }
    return await out.end()
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
