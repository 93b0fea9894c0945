import type { Diagnostic } from '../../text/diagnostic.ts'
import { diagnose } from '../rules/diagnose.ts'
import type { SourcePlace } from '../rules/traced.ts'
import type { LintCode } from './codes.ts'
import { lintPages } from './lint-pages.ts'

/** One finding of lint. */
export function finding(
  code: LintCode,
  message: string,
  place: SourcePlace | undefined,
  help: string,
): Diagnostic {
  return diagnose(code, lintPages[code].severity, message, place, help)
}
