import path from 'node:path'
import { exit, type ExitCode } from '../exit.ts'
import { FALCO_FOLDER } from '../io/testing/suite.ts'
import type { TestRequest } from '../io/testing/request.ts'
import { RepeatedTests } from '../io/testing/repeated-tests.ts'
import { TreeWatch } from '../io/testing/tree-watch.ts'
import { countText } from '../report/words.ts'
import type { Toolchain } from '../toolchain/toolchain.ts'
import { type Io, paintFor, write } from './io.ts'
import type { TestFlags } from './test.ts'
import { isMutating, reportTestFailure, reportTests } from './test-report.ts'

/** Clears a terminal and what was scrolled out of it. */
const CLEAR = '\u001B[2J\u001B[3J\u001B[H'

/** Carries out `parapet test --watch`: until the user interrupts. */
export async function watchTests(
  toolchain: Toolchain,
  request: TestRequest,
  flags: TestFlags,
  io: Io,
): Promise<ExitCode> {
  // What is running ends at once.
  io.signal.addEventListener('abort', () => void toolchain.close(), { once: true })
  const { sources, falco, data = [] } = request
  const watched = [
    ...data,
    ...sources,
    ...(falco ?? sources.map((one) => path.join(one, '..', FALCO_FOLDER))),
  ]
  const watch = await TreeWatch.start(watched.map((one) => path.resolve(io.cwd, one)))
  const onMutated = isMutating(flags) ? () => undefined : undefined
  const tests = new RepeatedTests(toolchain, { ...request, onMutated })
  let changed: readonly string[] = []
  // Where all answers were kept, nothing has loaded the compiler yet, and the first change would wait.
  void toolchain.version().catch(() => undefined)
  while (!io.signal.aborted) {
    await runOnce(tests, changed, request, flags, io)
    const dim = paintFor(io, io.stderr)
    io.stderr.write(`${dim('dim', `watching ${countText(watch.files, 'file')}`)}\n`)
    changed = await watch.next(io.signal)
  }
  return exit.interrupted
}

async function runOnce(
  tests: RepeatedTests,
  changed: readonly string[],
  request: TestRequest,
  flags: TestFlags,
  io: Io,
): Promise<void> {
  const started = performance.now()
  try {
    const answers = await tests.run(changed)
    await clear(io)
    await reportTests(answers, (performance.now() - started) / 1000, request, flags, io)
  } catch (error) {
    if (io.signal.aborted) return
    await clear(io)
    await reportTestFailure(error, flags, io)
  }
}

async function clear(io: Io): Promise<void> {
  if (io.stdout.isTTY) await write(io.stdout, CLEAR)
}
