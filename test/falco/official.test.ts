/**
 * Falco's own rules files. They are no part of this project: a folder with them is named by
 * PARAPET_FALCO_RULES (`falco_rules.yaml`, `k8s_audit_rules.yaml` and their like, in any depth).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  expand,
  loadRules,
  parseCondition,
  printCondition,
  Ruleset,
} from '../../src/falco/index.ts'
import { lintRules } from '../../src/falco/lint/lint.ts'
import { locate, renderDiagnostic } from '../../src/text/diagnostic.ts'
import { recording } from '../support/cli.ts'
import { withoutPlaces } from './generate.ts'

const folder = process.env['PARAPET_FALCO_RULES'] ?? ''
const there = folder !== '' && existsSync(folder)
if (!there) process.stdout.write('skipped: PARAPET_FALCO_RULES names no folder of rules files\n')

const files = there
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /rules.*\.ya?ml$/.test(file),
    )
  : []

describe.skipIf(!there)('official rules', () => {
  test('there are some', () => {
    expect(files.length).toBeGreaterThan(0)
  })

  /** What overlays of cloud providers change: k8saudit's own rules. */
  const base = files.find((file) =>
    /(?:^|[/_])k8saudit_rules_k8s_audit_rules\.yaml$|^k8s_audit_rules\.yaml$/.test(file),
  )

  test.each(files)('%s loads, and its conditions print as they read', (file) => {
    const overlay = /_(?:gke|eks|aks)\.yaml$/.test(file) && base !== undefined
    const documents = [...(overlay ? [base] : []), file].map((name) => ({
      file: name,
      text: readFileSync(path.join(folder, name), 'utf8'),
    }))
    const { compilation, diagnostics } = loadRules(documents)
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    const shown = errors.map((error) => renderDiagnostic(locate(error, documents)))
    if (overlay && !compilation) {
      // Falco with k8saudit alone refuses it too.
      expect(shown).toEqual([expect.stringMatching(/need the plugin k8saudit-\w+ .* is not there/)])
      return
    }
    expect(shown).toEqual([])
    for (const { condition } of compilation!.rules) {
      const expr = expand(condition)
      expect(withoutPlaces(parseCondition(printCondition(expr)))).toEqual(withoutPlaces(expr))
    }
    expect(lintRules(documents).diagnostics.filter(({ severity }) => severity === 'error')).toEqual(
      [],
    )
    const ruleset = new Ruleset(compilation!)
    for (const line of readFileSync(recording, 'utf8').split('\n').filter(Boolean)) {
      ruleset.evaluate(Buffer.from(line))
    }
  })
})
