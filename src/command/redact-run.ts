import { Pseudonyms } from '../audit/pseudonym/pseudonyms.ts'
import { kinds, type Kind } from '../audit/redact/kinds.ts'
import { exit, type ExitCode } from '../exit.ts'
import { keyText } from '../io/keys.ts'
import { openOutput } from '../io/output.ts'
import { redact, type RedactRun, type RedactionSummary } from '../io/redact.ts'
import { countText, numberText } from '../report/words.ts'
import { nameMatcher } from '../text/glob.ts'
import { ParapetError } from '../text/error.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'
import { startReading } from './reading.ts'
import type { RedactFlags } from './redact.ts'

/** Carries out `parapet redact`. */
export async function runRedact(inputs: string[], flags: RedactFlags, io: Io): Promise<ExitCode> {
  try {
    return await rewrite(inputs, flags, io)
  } catch (error) {
    return reportFailure(io, error, flags.format === 'json')
  }
}

async function rewrite(inputs: string[], flags: RedactFlags, io: Io): Promise<ExitCode> {
  const how = { deed: 'redact', structured: flags.format === 'json', quiet: flags.quiet }
  const { run, end } = await startReading(inputs, io, how, async (runIo) =>
    redact(inputs, { pseudonyms: await pseudonymsOf(flags, io), ...runIo }),
  )
  try {
    await writeOut(run, flags, io)
  } finally {
    await end()
  }
  if (io.signal.aborted) return exit.interrupted
  const { summary } = run
  if (!flags.quiet || summary.malformed > 0) await write(io.stderr, said(summary, flags.format))
  return summary.malformed > 0 ? exit.unanswered : exit.ok
}

/** Writes what is read, whole or not at all. */
async function writeOut(run: RedactRun, flags: RedactFlags, io: Io): Promise<void> {
  const output = await openOutput(io, flags.output)
  try {
    for await (const lines of run) await output.write(lines)
    if (!io.signal.aborted) await output.close()
  } finally {
    await output.discard()
  }
}

/** Where the key is looked for without `--key`. */
const KEY_VARIABLE = 'PARAPET_PSEUDONYM_KEY'
/** Shortest key that is taken, in characters. */
const KEY_LENGTH_MIN = 16

async function pseudonymsOf(flags: RedactFlags, io: Io): Promise<Pseudonyms | undefined> {
  if (!flags.pseudonymise) {
    if (flags.key === undefined && flags.keep.length === 0) return undefined
    throw new ParapetError('USAGE', '`--key` and `--keep` are about pseudonyms', {
      help: 'add `--pseudonymise`',
    })
  }
  const key = (await keyText(flags.key ?? `env:${KEY_VARIABLE}`, io)).trim()
  if (key.length < KEY_LENGTH_MIN) {
    const message = `the key of the pseudonyms is shorter than ${KEY_LENGTH_MIN} characters`
    throw new ParapetError('KEY_INVALID', message, {
      help: 'make one with `openssl rand -hex 32 > pseudonyms.key`, and keep it',
    })
  }
  const globs = flags.keep.map(nameMatcher)
  return new Pseudonyms(key, (name) => globs.some((matches) => matches(name)))
}

function said(summary: RedactionSummary, format: string): string {
  const counts = Object.entries(summary.removed).sort(([, a], [, b]) => b - a)
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  if (format === 'json') {
    const { events, malformed, renamed } = summary
    const removed = Object.fromEntries(counts)
    return `${JSON.stringify({ redaction: { events, malformed, total, removed, renamed } })}\n`
  }
  const left = summary.malformed === 0 ? '' : `, ${numberText(summary.malformed)} left out`
  const names =
    summary.renamed === 0 ? '' : `, ${countText(summary.renamed, 'name')} replaced by pseudonyms`
  const head = `${countText(summary.events, 'event')}${left}${names}; ${countText(total, 'value')} removed`
  const width = numberText(counts[0]?.[1] ?? 0).length
  const lines = counts.map(
    ([kind, count]) => `  ${numberText(count).padStart(width)}  ${kinds[kind as Kind]}\n`,
  )
  return `${head}${lines.length > 0 ? ':' : ''}\n${lines.join('')}`
}
