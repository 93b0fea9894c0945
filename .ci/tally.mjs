// As a reporter of vitest: adds a suite's counts to the file PARAPET_TALLY. Run as a program: prints
// their sum as one plain line, `N passed, N failed, N skipped`.
import { appendFileSync, readFileSync } from 'node:fs'
import { argv, env, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'

export default class Tally {
  #counts = { passed: 0, failed: 0, skipped: 0 }

  onTestCaseResult(test) {
    const { state } = test.result()
    if (state in this.#counts) this.#counts[state] += 1
  }

  onTestRunEnd() {
    if (env.PARAPET_TALLY) appendFileSync(env.PARAPET_TALLY, `${JSON.stringify(this.#counts)}\n`)
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const suites = readFileSync(env.PARAPET_TALLY, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const sum = (key) => suites.reduce((total, suite) => total + suite[key], 0)
  stdout.write(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`)
}
