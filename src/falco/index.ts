/** Falco's rules for Kubernetes audit events: loading, evaluation, and what tools need of them. */
export * as ast from './condition/ast.ts'
export { ConditionError } from './condition/error.ts'
export { type ExceptionRules, exceptionRules, type TaggedRule } from './exception-rules.ts'
export { parseCondition } from './condition/parser.ts'
export { printCondition } from './condition/print.ts'
export { type FieldInfo, fields } from './fields/catalogue.ts'
export {
  type ExplainedEvent,
  type ExplainedPart,
  type ExplainedValue,
  RuleExplainer,
} from './explain/explain.ts'
export { type ExplainedRule, explainRule } from './explain/rule.ts'
export { type FormattedRules, formatRules } from './format/format.ts'
export { type CheckCode, type CodePage, codePages } from './lint/code-pages.ts'
export { type LintedRules, lintRules } from './lint/lint.ts'
export { readsOfRules } from './residual/reads.ts'
export type { Compilation, CompiledRule } from './rules/compile.ts'
export type { LoadErrorCode, LoadWarningCode } from './rules/diagnose.ts'
export { loadRules, type LoadedRules } from './rules/load.ts'
export { expand, type MacroUse, type ResolvedExpr } from './rules/resolved.ts'
export { type RuleMatch, type RuleMatching, Ruleset, type RulesetOptions } from './ruleset.ts'
