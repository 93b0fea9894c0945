import path from 'node:path'
import { affectedBy, isAbout } from '../../testing/affected.ts'
import type { Toolchain } from '../../toolchain/toolchain.ts'
import type { Suite } from './suite.ts'
import { narrowed, testedFiles } from './suite-part.ts'
import { openAllSuites, testSuites } from './run-tests.ts'
import { type TestAnswers, together } from './answers.ts'
import type { TestRequest } from './request.ts'

/** Tests that are run again when files change, and only those that a change can decide about. */
export class RepeatedTests {
  readonly #toolchain: Toolchain
  readonly #request: TestRequest
  #answers: TestAnswers | undefined
  /** Changed since the last run that came to an end. */
  readonly #changed = new Set<string>()

  constructor(toolchain: Toolchain, request: TestRequest) {
    this.#toolchain = toolchain
    this.#request = request
  }

  /**
   * Runs what is affected, and answers with it and with all that was not.
   * @param changed absolute paths
   * @throws ParapetError as `runTests`; what changed is run the next time
   */
  async run(changed: readonly string[]): Promise<TestAnswers> {
    for (const file of changed) this.#changed.add(this.#shown(file))
    const suites = await openAllSuites(this.#request)
    const before = this.#answers
    const affected = before ? this.#affected(suites) : 'all'
    if (!before || affected === 'all') {
      this.#answers = await testSuites(this.#toolchain, suites, this.#request)
    } else {
      const part = suites.map((suite) => narrowed(suite, affected))
      const again = await testSuites(this.#toolchain, part, this.#request)
      // Exceptions stand in data, which decides about everything: those known are all.
      this.#answers = together(without(before, affected), { ...again, exceptions: [] })
    }
    this.#changed.clear()
    return this.#answers
  }

  /** Coverage and recordings are about everything. */
  #affected(suites: readonly Suite[]): ReadonlySet<string> | 'all' {
    const { coverage, recordings } = this.#request
    if (coverage || recordings) return 'all'
    return affectedBy(suites.map(testedFiles), [...this.#changed])
  }

  /** A file as messages about its source show it. */
  #shown(file: string): string {
    const { sources, cwd } = this.#request
    const slashes = (text: string): string => text.replaceAll(path.sep, '/')
    for (const source of sources) {
      const inside = path.relative(path.resolve(cwd, source), file)
      if (!inside.startsWith('..')) return path.posix.join(slashes(source), slashes(inside))
    }
    return slashes(file)
  }
}

/** What was said of everything that is not affected. */
function without(answers: TestAnswers, affected: ReadonlySet<string>): TestAnswers {
  const stays = (file: string | undefined): boolean =>
    file === undefined || !isAbout(file, affected)
  return {
    ...answers,
    tests: answers.tests.filter(({ file }) => stays(file)),
    cases: answers.cases.filter(({ result }) => stays(result.case.file)),
    parity: answers.parity.filter(({ guardrail }) => stays(guardrail.file)),
    mutations: answers.mutations.filter(({ guardrail }) => stays(guardrail.file)),
    diagnostics: answers.diagnostics.filter(({ file }) => stays(file)),
  }
}
