/** Falco rules for guardrails. By itself, so that scans with rules do not load it. */
export { explainOutcome, outcomeText, reasonOf } from './explain.ts'
export { rulesFile } from './file.ts'
export {
  type DescribedGuardrail,
  type Generated,
  type GenerateInput,
  generateRules,
  type Outcome,
} from './generate.ts'
