import type { GuardrailMetadata } from '../rego/metadata.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import type { GuardrailSubject } from './engine.ts'
import type { CaseResult } from './run.ts'

/** Parts of METADATA that a guardrail can do without, and should not. */
const DESCRIBED: readonly {
  readonly code: string
  readonly key: string
  readonly has: (guardrail: GuardrailMetadata) => boolean
}[] = [
  // A guardrail without a title is called by its id.
  { code: 'GUARDRAIL_TITLE_MISSING', key: 'title', has: ({ id, title }) => title !== id },
  {
    code: 'GUARDRAIL_DESCRIPTION_MISSING',
    key: 'description',
    has: ({ description }) => description !== '',
  },
  { code: 'GUARDRAIL_TAGS_MISSING', key: 'custom.tags', has: ({ tags }) => tags.length > 0 },
  {
    code: 'GUARDRAIL_CONTROLS_MISSING',
    key: 'custom.controls',
    has: ({ controls }) => Object.keys(controls).length > 0,
  },
]

/**
 * What is missing around guardrails: a case in which each finds something, one in which it does not,
 * and METADATA that says what it is for. All are warnings, about the guardrail's METADATA block.
 */
export function hygiene(
  guardrails: readonly GuardrailMetadata[],
  results: readonly CaseResult<GuardrailSubject>[],
): LocatedDiagnostic[] {
  return guardrails.flatMap((guardrail) => {
    const own = results.filter(({ subject }) => subject.guardrail === guardrail)
    const warn = (code: string, message: string, help: string): LocatedDiagnostic => {
      const { id, file, line } = guardrail
      return {
        code,
        severity: 'warning',
        message: `guardrail \`${id}\` has ${message}`,
        file,
        line,
        help,
      }
    }
    const missing = DESCRIBED.filter(({ has }) => !has(guardrail)).map(({ code, key }) =>
      warn(code, `no \`${key}\` in its METADATA`, 'reports and Falco rules show it'),
    )
    if (own.length === 0) {
      missing.push(warn('CASES_MISSING', 'no cases', 'write them in NAME.cases.yaml beside it'))
      return missing
    }
    if (!own.some(({ findings }) => findings.length > 0)) {
      const help = '`parapet test bases` lists events that a case can begin from'
      missing.push(warn('CASE_FIRING_MISSING', 'no case in which it finds something', help))
    }
    if (!own.some(({ findings }) => findings.length === 0)) {
      const help = 'write one with `want: none` that comes close to a finding'
      missing.push(warn('CASE_SILENT_MISSING', 'no case in which it finds nothing', help))
    }
    return missing
  })
}
