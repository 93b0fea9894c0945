import type { Bundle } from '../bundle/bundle.ts'
import { diffBundles, type Syntax } from '../bundle/diff.ts'
import { readSources } from '../bundle/sources.ts'
import { exit, type ExitCode } from '../exit.ts'
import { openBundleFile } from '../io/policy/bundle-file.ts'
import { differenceDocument, differenceText } from '../report/difference.ts'
import type { DiffFlags } from './diff.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'
import { trustOf } from './trust-options.ts'

/** Carries out `parapet diff`. */
export async function runDiff(
  before: string,
  after: string,
  flags: DiffFlags,
  io: Io,
): Promise<ExitCode> {
  const structured = flags.format === 'json'
  try {
    const trust = await trustOf(flags, io)
    const read = async (file: string): Promise<Bundle> =>
      (await openBundleFile(file, io.cwd, trust)).bundle
    const [a, b] = [await read(before), await read(after)]
    const plain = diffBundles(a, b)
    const diff = plain.guardrails.length > 0 ? diffBundles(a, b, await syntax(a, b)) : plain
    await write(io.stdout, structured ? differenceDocument(diff) : differenceText(diff))
    return (flags.onlyData ? diff.isOnlyData : diff.isSame) ? exit.ok : exit.bad
  } catch (error) {
    return reportFailure(io, error, structured)
  }
}

/** The compiler is asked only about texts that are not the same on both sides. */
async function syntax(...bundles: readonly [Bundle, Bundle]): Promise<Syntax> {
  const { Toolchain } = await import('../toolchain/toolchain.ts')
  const { syntaxOf } = await import('../toolchain/syntax.ts')
  const [was, is] = bundles.map((bundle) => new Set(texts(bundle))) as [Set<string>, Set<string>]
  const changed = [...was]
    .filter((text) => !is.has(text))
    .concat([...is].filter((text) => !was.has(text)))
  const toolchain = Toolchain.open()
  try {
    const known = await syntaxOf(toolchain, changed)
    return (text) => known.get(text)
  } finally {
    await toolchain.close()
  }
}

function texts(bundle: Bundle): string[] {
  return [...(readSources(bundle)?.modules.values() ?? bundle.modules.map(({ text }) => text))]
}
