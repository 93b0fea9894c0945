/**
 * Parapet as a library. The command line is written on what stands here.
 *
 * ```ts
 * import { scan } from 'parapet'
 *
 * for await (const finding of await scan(['audit.log'])) console.log(finding.message)
 * ```
 */
export { scan, type ScanOptions, type ScanResult, type ScanRun } from './io/scan/scan.ts'
export {
  backtest,
  type BacktestOptions,
  type BacktestResult,
  type BacktestRun,
  type BacktestSide,
} from './io/scan/backtest.ts'
export type { BaselineSummary, KnownFinding } from './engine/baseline.ts'
export type { Compared, DifferenceRow } from './engine/comparison.ts'
export type { Exception } from './engine/exception.ts'
export { redact, type RedactionSummary, type RedactOptions, type RedactRun } from './io/redact.ts'
export { Pseudonyms } from './audit/pseudonym/pseudonyms.ts'
export type { ExceptionUse, ScanSummary } from './engine/counts.ts'
export type { Finding } from './engine/finding.ts'
export { atLeast, parsePriority, priorities, type Priority } from './text/priority.ts'
export type { LocatedDiagnostic, Severity } from './text/diagnostic.ts'
export { ParapetError } from './text/error.ts'
export { version } from './version.ts'

// Guardrails: read, checked and compiled by OPA's own compiler, and evaluated on proved events.
export { type PolicyFolder, readPolicyFolder } from './io/policy/policy-folder.ts'
export { readGuardrailMetadata } from './io/policy/guardrails.ts'
export type { GuardrailMetadata } from './rego/metadata.ts'
export { EvaluationError, Policy, type PolicyOptions } from './rego/policy.ts'
export { admit, type Problem } from './engine/admission.ts'
export type { ProvedEvent } from './audit/proved.ts'
export { Toolchain } from './toolchain/toolchain.ts'
export type { PolicySources, RegoSource } from './toolchain/sources.ts'
export { checkGuardrails, compileGuardrails } from './toolchain/guardrails.ts'
export { compileDecision } from './toolchain/decision.ts'

// Guardrails as Falco rules.
export { generateFalcoRules } from './io/falco-generate.ts'
export { type Generated, type Outcome, outcomeText, rulesFile } from './falco/generate/index.ts'
