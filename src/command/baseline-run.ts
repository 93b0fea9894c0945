import type { Command } from 'commander'
import { writeBaselineJson, writeBaselineYaml } from '../engine/baseline-file.ts'
import { Baseline, BaselineWriter, type KnownFinding } from '../engine/baseline.ts'
import { exit, type ExitCode } from '../exit.ts'
import { readBaselineFile } from '../io/scan/baseline.ts'
import { openOutput } from '../io/output.ts'
import { countText } from '../report/words.ts'
import { ParapetError } from '../text/error.ts'
import type { BaselineFlags } from './baseline.ts'
import { startEvaluation } from './evaluation.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'
import { withSettings } from './settings.ts'

/** Carries out `parapet baseline`. */
export async function runBaseline(
  inputs: string[],
  given: BaselineFlags,
  verb: Command,
  io: Io,
): Promise<ExitCode> {
  try {
    // The file's `output` is where reports go.
    const flags = await withSettings(given, verb, io, ['output'])
    const kept = await keptEntries(flags, io)
    const { run, end } = await startEvaluation(inputs, flags, io, { structured: false })
    const baseline = new Baseline(kept, flags.output ?? '')
    const writer = new BaselineWriter(kept)
    let findings = 0
    try {
      for await (const finding of run) {
        findings++
        if (!baseline.know(finding)) writer.add(finding)
      }
    } finally {
      await end()
    }
    if (io.signal.aborted) return exit.interrupted
    const entries = writer.entries()
    await save(entries, flags, io)
    const news = entries.length - kept.length
    const before = flags.update ? `, ${news} of them new` : ''
    await write(
      io.stderr,
      `${countText(findings, 'finding')}: ${countText(entries.length, 'entry', 'entries')}${before}\n`,
    )
    return run.summary.malformed > 0 ? exit.unanswered : exit.ok
  } catch (error) {
    return reportFailure(io, error, false)
  }
}

/** The entries that the file has already, where they are to stay. */
async function keptEntries(
  { update, output }: BaselineFlags,
  io: Io,
): Promise<readonly KnownFinding[]> {
  if (!update) return []
  if (output === undefined || output === '-') {
    throw new ParapetError('USAGE', '--update needs a file to update', {
      help: 'name it with --output',
    })
  }
  return readBaselineFile(output, io.cwd)
}

async function save(
  entries: readonly KnownFinding[],
  { output }: BaselineFlags,
  io: Io,
): Promise<void> {
  const target = await openOutput(io, output)
  const asJson = output?.endsWith('.json') === true
  await target.write(asJson ? writeBaselineJson(entries) : writeBaselineYaml(entries))
  await target.close()
}
