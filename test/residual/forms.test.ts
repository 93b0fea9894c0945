import { beforeAll, describe, expect, test } from 'vitest'
import type { GuardrailResidual } from '../../src/residual/residual.ts'
import { residualText } from '../../src/residual/text.ts'
import { residualsOf } from '../../src/toolchain/residuals.ts'
import { hasToolchain, openToolchain } from '../toolchain/support.ts'
import { forms } from './forms.ts'

const guardrails = forms.map((_, i) => ({
  id: `form-${i}`,
  entrypoint: `guardrails/forms/form_${i}/violation`,
}))

const modules = forms.map(({ body, helpers = '' }, i) => ({
  file: `form_${i}.rego`,
  text: `package guardrails.forms.form_${i}\n\nviolation contains "m" if {\n${body}\n}\n\n${helpers}\n`,
}))

describe.skipIf(!hasToolchain)('what partial evaluation leaves of each form of Rego', () => {
  const toolchain = openToolchain()
  let residuals: ReadonlyMap<string, GuardrailResidual>
  beforeAll(async () => {
    residuals = await residualsOf(toolchain, { modules }, guardrails)
  })

  test.each(forms.map((form, i) => ({ ...form, id: `form-${i}` })))('$note', ({ id, want }) => {
    const text = residualText(residuals.get(id)!.residual)
    expect(text.replaceAll(/form_\d+/g, 'form')).toBe(want)
  })
})
