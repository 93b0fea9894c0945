/** What each code of `parapet falco check` means; the pages in `docs/falco` are made from this. */
import type { Severity } from '../../text/diagnostic.ts'
import type { LoadErrorCode, LoadWarningCode } from '../rules/diagnose.ts'
import type { LintCode } from './codes.ts'
import { lintPages } from './lint-pages.ts'
import { loadPages } from './load-pages.ts'

/** Warnings that only rules of other sources, or extensions of Falco, can have. */
export type ForeignCode = 'LOAD_NO_EVTTYPE' | 'LOAD_WARNING_EXTENSION' | 'LOAD_ERR_EXTENSION'

export type CheckCode = LintCode | Exclude<LoadErrorCode | LoadWarningCode, ForeignCode>

/** One code explained. Texts are Markdown. */
export interface CodePage {
  readonly severity: Severity
  /** One line without a full stop. */
  readonly title: string
  /** What happens, and why it costs time. */
  readonly about: string
  /** What to do. */
  readonly fix: string
  /** Rules files that show it, and how they are right; checked by tests. */
  readonly bad?: string
  readonly good?: string
}

export const codePages: Readonly<Record<CheckCode, CodePage>> = { ...loadPages, ...lintPages }
