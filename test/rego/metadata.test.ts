import { describe, expect, test } from 'vitest'
import { type DescribedModule, readGuardrails } from '../../src/rego/metadata.ts'

interface Change {
  path?: string
  package?: string[]
  rules?: string[]
  value?: Record<string, unknown> | null
  custom?: Record<string, unknown>
}

/** A sound guardrail's module, as OPA describes it, with something changed. */
function module(change: Change = {}): DescribedModule {
  const names = change.package ?? ['guardrails', 'workloads', 'pod_exec']
  const custom = { id: 'pod-exec', priority: 'Notice', ...change.custom }
  const value =
    change.value === undefined ? { scope: 'package', title: 'Exec', custom } : change.value
  const path = change.path ?? 'guardrails/workloads/pod_exec/pod_exec.rego'
  return {
    path,
    file: `rego/${path}`,
    package: names,
    line: 9,
    rules: (change.rules ?? ['violation']).map((name) => ({ name, line: 12 })),
    annotations: value ? [{ scope: 'package', line: 1, value }] : [],
  }
}

describe('guardrail METADATA', () => {
  test('is read whole', () => {
    const { guardrails, diagnostics } = readGuardrails([
      module({
        value: {
          scope: 'package',
          title: ' Interactive shell in a pod ',
          description: 'Someone ran exec.\n',
          related_resources: [
            { ref: 'https://example.com/a', description: 'A' },
            { ref: 'https://example.com/b' },
          ],
          custom: {
            id: 'pod-exec',
            priority: 'Notice',
            tags: ['T1609'],
            controls: { soc2: ['CC6.1'], gdpr: ['Art. 32'] },
            portable: false,
            falco: { mode: 'exact' },
          },
        },
      }),
    ])
    expect(diagnostics).toEqual([])
    expect(guardrails).toEqual([
      {
        id: 'pod-exec',
        package: 'guardrails.workloads.pod_exec',
        entrypoint: 'guardrails/workloads/pod_exec/violation',
        title: 'Interactive shell in a pod',
        description: 'Someone ran exec.',
        priority: 'Notice',
        tags: ['T1609'],
        controls: { soc2: ['CC6.1'], gdpr: ['Art. 32'] },
        portable: false,
        references: [
          { ref: 'https://example.com/a', description: 'A' },
          { ref: 'https://example.com/b' },
        ],
        falco: { mode: 'exact' },
        custom: expect.objectContaining({ falco: { mode: 'exact' } }),
        file: 'rego/guardrails/workloads/pod_exec/pod_exec.rego',
        line: 1,
      },
    ])
  })

  test('libraries and tests are no guardrails, and order is that of packages', () => {
    const { guardrails, diagnostics } = readGuardrails([
      module({
        package: ['guardrails', 'b', 'two'],
        path: 'b/two/two.rego',
        custom: { id: 'two' },
      }),
      module({ package: ['parapet', 'lib'], path: 'lib/lib.rego', value: null, rules: ['f'] }),
      module({
        package: ['guardrails', 'b', 'one'],
        path: 'b/one/one.rego',
        custom: { id: 'one' },
      }),
      module({
        package: ['guardrails', 'b', 'one_test'],
        path: 'b/one/one_test.rego',
        value: null,
        rules: ['test_x'],
      }),
    ])
    expect(guardrails.map(({ id }) => id)).toEqual(['one', 'two'])
    expect(diagnostics).toEqual([])
  })

  test('a package in two files is one guardrail, described in either', () => {
    const { guardrails, diagnostics } = readGuardrails([
      module({ path: 'guardrails/workloads/pod_exec/more.rego', value: null, rules: ['helper'] }),
      module(),
    ])
    expect(guardrails).toHaveLength(1)
    expect(guardrails[0]?.file).toBe('rego/guardrails/workloads/pod_exec/pod_exec.rego')
    expect(diagnostics).toEqual([])
  })

  const errors: [string, Change, string][] = [
    [
      'no METADATA at all',
      { value: null },
      'rego/guardrails/workloads/pod_exec/pod_exec.rego:9 GUARDRAIL_METADATA_MISSING package `guardrails.workloads.pod_exec` has no METADATA',
    ],
    [
      'no id',
      { custom: { id: undefined } },
      'pod_exec.rego:1 GUARDRAIL_ID_MISSING package `guardrails.workloads.pod_exec` has no id',
    ],
    [
      'an id with an underscore',
      { custom: { id: 'pod_exec' } },
      'GUARDRAIL_ID_INVALID `pod_exec` is not an id',
    ],
    ['a number for an id', { custom: { id: 7 } }, 'GUARDRAIL_ID_INVALID `7` is not an id'],
    [
      'an unknown mode for Falco',
      { custom: { falco: { mode: 'wider' } } },
      'GUARDRAIL_FALCO unknown mode `wider` in `custom.falco`',
    ],
    [
      'an unknown field for Falco',
      { custom: { falco: { mod: 'none' } } },
      'GUARDRAIL_FALCO unknown field `mod` in `custom.falco`',
    ],
    [
      'no rule for Falco where there is no reason',
      { custom: { falco: { mode: 'none' } } },
      'GUARDRAIL_FALCO mode `none` in `custom.falco` has no reason',
    ],
    [
      'a rule written by hand without its name',
      { custom: { falco: { mode: 'manual' } } },
      'GUARDRAIL_FALCO mode `manual` in `custom.falco` names no rule',
    ],
    [
      'no priority',
      { custom: { priority: undefined } },
      'GUARDRAIL_PRIORITY no priority in METADATA',
    ],
    [
      'a misspelt priority',
      { custom: { priority: 'Warnign' } },
      'GUARDRAIL_PRIORITY unknown priority `Warnign` (did you mean `Warning`?)',
    ],
    ['a priority in lower case', { custom: { priority: 'notice' } }, '(did you mean `Notice`?)'],
    ['a priority of another scale', { custom: { priority: 'HIGH' } }, '(one of Emergency, Alert'],
    [
      'tags that are no list',
      { custom: { tags: 'T1609' } },
      'GUARDRAIL_METADATA `custom.tags` in METADATA is not a list of texts',
    ],
    ['a tag that is no text', { custom: { tags: [1609] } }, 'GUARDRAIL_METADATA `custom.tags`'],
    [
      'controls that are a list',
      { custom: { controls: ['CC6.1'] } },
      'GUARDRAIL_METADATA `custom.controls`',
    ],
    [
      'a control that is a number',
      { custom: { controls: { soc2: [6.1] } } },
      'GUARDRAIL_METADATA `custom.controls.soc2`',
    ],
    ['portable in words', { custom: { portable: 'no' } }, 'GUARDRAIL_METADATA `custom.portable`'],
    [
      'a package too shallow',
      { package: ['guardrails', 'mine'] },
      'GUARDRAIL_PACKAGE package `guardrails.mine` is not named',
    ],
    ['a package too deep', { package: ['guardrails', 'a', 'b', 'c'] }, 'GUARDRAIL_PACKAGE'],
    ['a package with a dash', { package: ['guardrails', 'a', 'b-c'] }, 'GUARDRAIL_PACKAGE'],
    [
      'the union written by hand',
      { package: ['guardrails'] },
      'GUARDRAIL_UNION_TAKEN package `guardrails` is written by hand',
    ],
    [
      'no violation',
      { rules: ['deny'] },
      'GUARDRAIL_VIOLATION_MISSING package `guardrails.workloads.pod_exec` has no rule `violation`',
    ],
  ]
  test.each(errors)('error: %s', (_, change, want) => {
    const { guardrails, diagnostics } = readGuardrails([module(change)])
    expect(guardrails).toEqual([])
    expect(diagnostics).toHaveLength(1)
    const { file, line, code, message, help, severity } = diagnostics[0]!
    expect(severity).toBe('error')
    expect(`${file}:${line} ${code} ${message} (${help})`).toContain(want)
  })

  test('an id given twice names both', () => {
    const second = module({
      package: ['guardrails', 'z', 'other'],
      path: 'guardrails/z/other/other.rego',
    })
    const { diagnostics } = readGuardrails([module(), second])
    expect(diagnostics).toMatchObject([
      {
        code: 'GUARDRAIL_ID_DUPLICATE',
        file: 'rego/guardrails/z/other/other.rego',
        message: 'id `pod-exec` is already taken by package `guardrails.workloads.pod_exec`',
        help: expect.stringContaining('rego/guardrails/workloads/pod_exec/pod_exec.rego:1'),
      },
    ])
  })

  test.each([
    ['mine.rego', 0],
    ['pod_exec/mine.rego', 0],
    ['workloads/pod_exec/mine.rego', 0],
    ['any/where/workloads/pod_exec/mine.rego', 0],
    ['exec/mine.rego', 1],
    ['rbac/pod_exec/mine.rego', 1],
  ])('a warning where folder and package differ: %s', (path, count) => {
    const { guardrails, diagnostics } = readGuardrails([module({ path })])
    expect(guardrails).toHaveLength(1)
    expect(diagnostics.map(({ code, severity }) => `${code} ${severity}`)).toEqual(
      Array.from({ length: count }, () => 'GUARDRAIL_FOLDER warning'),
    )
  })

  test('without a title the id stands in, with a warning', () => {
    const value = { scope: 'package', custom: { id: 'x', priority: 'Error' } }
    const { guardrails, diagnostics } = readGuardrails([module({ value })])
    expect(guardrails[0]?.title).toBe('x')
    expect(diagnostics).toMatchObject([{ code: 'GUARDRAIL_TITLE_MISSING', severity: 'warning' }])
  })
})
