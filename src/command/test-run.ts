import type { ExitCode } from '../exit.ts'
import { openInputs } from '../io/input/inputs.ts'
import { sizeOf } from '../io/scan/read-events.ts'
import { runTests } from '../io/testing/run-tests.ts'
import type { TestAnswers } from '../io/testing/answers.ts'
import type { TestRequest } from '../io/testing/request.ts'
import type { Recordings } from '../io/testing/compare-recordings.ts'
import { updateCases } from '../io/testing/update-cases.ts'
import { countText } from '../report/words.ts'
import { Toolchain } from '../toolchain/toolchain.ts'
import { type Io, write } from './io.ts'
import { startCount, startProgress } from './progress.ts'
import type { TestFlags } from './test.ts'
import { isMutating, reportTests, reportTestFailure } from './test-report.ts'
import { watchTests } from './test-watch.ts'
import { trustOf } from './trust-options.ts'

/** Carries out `parapet test`. */
export async function runTest(
  sources: readonly string[],
  flags: TestFlags,
  io: Io,
): Promise<ExitCode> {
  const started = performance.now()
  const toolchain = Toolchain.open()
  try {
    const request = await requestOf(sources, flags, io)
    if (flags.watch) return await watchTests(toolchain, request, flags, io)
    const answers = await answersTo(toolchain, request, flags, io)
    return await reportTests(answers, (performance.now() - started) / 1000, request, flags, io)
  } catch (error) {
    return reportTestFailure(error, flags, io)
  } finally {
    await toolchain.close()
  }
}

async function requestOf(
  sources: readonly string[],
  flags: TestFlags,
  io: Io,
): Promise<TestRequest> {
  return {
    sources: sources.length > 0 ? sources : ['.'],
    run: flags.run,
    coverage: flags.coverage === true,
    falco: flags.falco,
    data: flags.data,
    ...(flags.recordings.length > 0 ? { recordings: recordingsOf(flags, io) } : {}),
    cwd: io.cwd,
    trust: await trustOf(flags, io),
  }
}

function recordingsOf({ recordings: logs }: TestFlags, { cwd, stdin, signal }: Io): Recordings {
  return { logs, cwd, stdin, signal }
}

async function answersTo(
  toolchain: Toolchain,
  request: TestRequest,
  flags: TestFlags,
  io: Io,
): Promise<TestAnswers> {
  const { recordings } = request
  const size = recordings && sizeOf((await openInputs(recordings.logs, io)).inputs)
  const read = await startProgress(io, size, recordings === undefined)
  const mutated = isMutating(flags) ? await startCount(io, 'guardrails mutated') : undefined
  const shown: TestRequest = {
    ...request,
    ...(recordings ? { recordings: { ...recordings, onProgress: read.update } } : {}),
    onMutated: mutated?.update,
  }
  try {
    const answers = await runTests(toolchain, shown)
    if (flags.update !== true || !(await update(answers, io))) return answers
    // What is wanted changes nothing for engines, and the logs were compared already.
    const again = await runTests(toolchain, { ...shown, recordings: undefined })
    return { ...again, parity: answers.parity, recordings: answers.recordings }
  } finally {
    read.stop()
    mutated?.stop()
  }
}

/** Writes what was found into the cases that failed; false where none did. */
async function update({ cases }: TestAnswers, io: Io): Promise<boolean> {
  const results = cases.map(({ result }) => result)
  const updated = await updateCases(results, io.cwd)
  for (const [file, count] of updated) {
    await write(io.stderr, `${file}: ${countText(count, 'case')} updated\n`)
  }
  return updated.size > 0
}
