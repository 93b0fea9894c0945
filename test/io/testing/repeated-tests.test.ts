import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { runTests } from '../../../src/io/testing/run-tests.ts'
import type { TestAnswers } from '../../../src/io/testing/answers.ts'
import { RepeatedTests } from '../../../src/io/testing/repeated-tests.ts'
import { folder } from '../../support/cli.ts'
import { hasToolchain, openToolchain } from '../../toolchain/support.ts'

function guardrail(name: string, condition: string): string {
  return `# METADATA
# title: T
# scope: package
# custom:
#   id: ${name}
#   priority: Notice
package guardrails.pods.${name}

import data.shared

violation contains {"id": "${name}", "priority": "Notice", "message": "m"} if {
	shared.is_shell
	${condition}
}
`
}

const SHARED = 'package shared\n\nis_shell if input.objectRef.subresource == "exec"\n'
const CASES =
  '- note: a shell\n  base: pod-exec\n  want: [m]\n\n- note: a log\n  base: pod-log\n  want: none\n'

function tests(name: string): string {
  return `package guardrails.pods.${name}_test

import data.guardrails.pods.${name}

test_nothing if count(${name}.violation) == 0 with input as {}
`
}

/** Every result with its name, in no order. */
function results({ tests: rego, cases, parity, diagnostics }: TestAnswers): string[] {
  return [
    ...rego.map(({ file, name, status }) => `${file} ${name} ${status}`),
    ...cases.map(({ result }) => `${result.case.file} ${result.case.note} ${result.status}`),
    ...parity.map(({ guardrail: { id }, count }) => `${id} ${count}`),
    ...diagnostics.map(({ file, code }) => `${file} ${code}`),
  ].sort()
}

describe.skipIf(!hasToolchain)('tests that are run again', () => {
  const toolchain = openToolchain()

  test('are those that a change can decide about, beside what was known of the others', async () => {
    const cwd = folder({})
    const write = (file: string, text: string): string => {
      const at = path.join(cwd, file)
      mkdirSync(path.dirname(at), { recursive: true })
      writeFileSync(at, text)
      return at
    }
    write('policy/shared/shared.rego', SHARED)
    for (const name of ['one', 'two']) {
      write(`policy/${name}/${name}.rego`, guardrail(name, 'input.verb == "create"'))
      write(`policy/${name}/${name}_test.rego`, tests(name))
      write(`policy/${name}/${name}.cases.yaml`, CASES)
    }
    const request = { sources: ['./policy/'], coverage: false, cwd }
    const repeated = new RepeatedTests(toolchain, request)
    const build = vi.spyOn(toolchain, 'build')
    const built = (): string[] =>
      build.mock.lastCall![0].modules.map(({ file }) => path.basename(file)).sort()
    const again = async (...changed: string[]): Promise<string[]> => {
      const answers = results(await repeated.run(changed))
      const modules = built()
      expect(answers).toEqual(results(await runTests(toolchain, request)))
      return modules
    }
    const everything = ['one.rego', 'shared.rego', 'two.rego', 'union.rego']
    expect(await again()).toEqual(everything)

    const alone = ['one.rego', 'shared.rego', 'union.rego']
    const one = (condition: string): string =>
      write('policy/one/one.rego', guardrail('one', condition))
    expect(await again(one('input.verb == "get"'))).toEqual(alone)
    expect(await again(write('policy/one/one.cases.yaml', CASES.replace('[m]', 'none')))).toEqual(
      alone,
    )

    const broken = one('input.verb ==')
    await expect(repeated.run([broken])).rejects.toThrow('unexpected } token')
    const mended = write('policy/two/two.cases.yaml', CASES.replace('want: none', 'want: [m]'))
    one('input.verb == "create"')
    // What was broken is tested again with what changed since.
    expect(await again(mended)).toEqual(everything)

    expect(await again(write('policy/shared/shared.rego', `${SHARED}\n`))).toEqual(everything)
  })
})
