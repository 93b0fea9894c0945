import type { Reporter, TestCase, TestModule } from 'vitest/node'
import './cases.ts'

/** Lists every case that does not hold with its reason, and ends with the plain count. */
export default class ConformanceReporter implements Reporter {
  #passed = 0
  readonly #failures: string[] = []

  onTestCaseResult(item: TestCase): void {
    const { verdict } = item.meta()
    if (!verdict) this.#failures.push(`${item.name}: ${messageOf(item)}`)
    else if (verdict.reason === undefined) {
      this.#passed++
      if (verdict.exception !== undefined) {
        process.stdout.write(`${verdict.name}: passes, though listed as an exception\n`)
      }
    } else this.#failures.push(`${verdict.name}: ${verdict.reason}${known(verdict.exception)}`)
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly { message: string }[]): void {
    const broken = modules.flatMap((module) => module.errors())
    for (const { message } of [...broken, ...errors]) this.#failures.push(message)
    for (const failure of this.#failures.toSorted()) process.stdout.write(`${failure}\n`)
    process.stdout.write(`${this.#passed} passed, ${this.#failures.length} failed\n`)
  }
}

function known(exception: string | undefined): string {
  return exception === undefined ? '' : ` (exception: ${exception})`
}

function messageOf(item: TestCase): string {
  const result = item.result()
  return result.state === 'failed' ? (result.errors[0]?.message ?? 'failed') : result.state
}
