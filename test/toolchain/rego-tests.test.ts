import { describe, expect, test } from 'vitest'
import { hasToolchain, openToolchain } from './support.ts'

const modules = [
  {
    file: 'a.rego',
    text: 'package a\n\nallow if {\n\tinput.user == data.org.admin\n\tnot input.late\n}\n\nother := 2 if input.never\n',
  },
  {
    file: 'a_test.rego',
    text: `package a_test

import data.a

test_allows if a.allow with input as {"user": "root"}

test_denies if {
	print("denying", 1)
	x := 1
	a.allow with input as {"user": "mallory"}
}

test_late if {
	not a.allow with input as {"user": "root", "late": true}
}

todo_test_later if false

test_broken := {"a": x} if {
	some x in [1, 2]
}

test_slow if {
	count([1 | some _ in numbers.range(1, 3000); some _ in numbers.range(1, 3000)]) == 0
}

test_cases[note] if {
	some note, user in {"root": "root", "nobody": ""}
	a.allow with input as {"user": user}
}
`,
  },
]

describe.skipIf(!hasToolchain)('OPA test runner', () => {
  const toolchain = openToolchain()
  const policy = { modules, data: { org: { admin: 'root' } } }

  test('reports every test with its place and why it failed', async () => {
    const { tests } = await toolchain.test(policy, { timeout: 200 })
    const seen = tests.map(({ name, status, line }) => `${line} ${name} ${status}`)
    expect(seen).toEqual([
      '5 test_allows pass',
      '7 test_denies fail',
      '13 test_late pass',
      '17 todo_test_later skip',
      '19 test_broken error',
      '23 test_slow error',
      '27 test_cases fail',
    ])
    expect(tests[1]).toMatchObject({
      package: 'data.a_test',
      file: 'a_test.rego',
      output: 'denying 1\n',
      failed: { text: 'a.allow with input as {"user": "mallory"}', file: 'a_test.rego', line: 10 },
    })
    expect(tests[1]!.seconds).toBeGreaterThan(0)
    expect(tests[4]!.diagnostics[0]).toMatchObject({ code: 'EVAL_CONFLICT_ERROR' })
    expect(tests[5]!.diagnostics[0]).toMatchObject({ code: 'EVAL_CANCEL_ERROR' })
    expect(tests[6]!.cases).toEqual({ nobody: false, root: true })
  })

  test('runs the tests asked for, with coverage by line', async () => {
    const report = await toolchain.test(policy, { run: 'test_(allows|late)$', coverage: true })
    expect(report.tests.map(({ name }) => name)).toEqual(['test_allows', 'test_late'])
    const file = report.coverage!.files.find((entry) => entry.file === 'a.rego')!
    expect(file.notCovered).toContainEqual({ start: 8, end: 8 })
    expect(file.covered).toContainEqual({ start: 4, end: 4 })
    expect(file.percent).toBeGreaterThan(50)
    expect(report.coverage!.percent).toBeLessThan(100)
  })

  test('a policy that does not compile is an error with its place', async () => {
    const broken = [...modules, { file: 'b.rego', text: 'package b\n\nx if nope(1)\n' }]
    await expect(toolchain.test({ ...policy, modules: broken })).rejects.toMatchObject({
      code: 'REGO_TYPE_ERROR',
      file: 'b.rego',
      line: 3,
    })
  })
})
