import path from 'node:path'
import { readData } from '../engine/data.ts'
import type { Exception } from '../engine/exception.ts'
import { exceptionsIn } from '../engine/exceptions.ts'
import { Judge } from '../engine/judge.ts'
import { admit } from '../engine/admission.ts'
import { type ExceptionRules, exceptionRules } from '../falco/index.ts'
import { locate } from '../text/diagnostic.ts'
import type { Document } from '../text/document.ts'
import { ParapetError } from '../text/error.ts'
import type { JsonObject } from '../text/json.ts'
import { compileRules, readRulesFiles } from './policy/falco.ts'
import type { Source } from './policy/place.ts'
import { loadEvaluators, type PolicyRequest } from './policy/policies.ts'
import { readRequest } from './input/requests.ts'
import { readSource } from './source.ts'

/** What a guardrail finds in a request, and in which of its events. */
export interface FoundIn {
  readonly guardrail: string
  readonly event: JsonObject
  /** The exception that covers it already. */
  readonly exception: Exception | undefined
}

/**
 * What guardrails find in a request of a log: each guardrail once, in the first event that it fires on.
 * @throws ParapetError `REQUEST_NOT_FOUND`, and whatever is wrong with the log or the policies
 */
export async function foundInRequest(
  log: string,
  auditID: string,
  request: PolicyRequest,
): Promise<readonly FoundIn[]> {
  const events = await readRequest(log, auditID, request.cwd)
  const judge = new Judge(await loadEvaluators(request))
  const found = new Map<string, FoundIn>()
  for (const bytes of events) {
    const proved = admit(bytes, 0, bytes.length, () => {})
    for (const judgement of proved ? judge.judge(proved) : []) {
      if ('problem' in judgement) {
        const { code, message } = judgement.problem
        throw new ParapetError(code, message, { file: log })
      }
      const event = JSON.parse(Buffer.from(bytes).toString()) as JsonObject
      const { exceptions } = judgement.evaluator
      for (const { rule: guardrail } of judgement.matches) {
        const exception = exceptions?.covering(guardrail, event)
        if (!found.has(guardrail)) found.set(guardrail, { guardrail, event, exception })
      }
    }
  }
  return [...found.values()]
}

/**
 * A file of data, and the exceptions in it.
 * @throws ParapetError where it cannot be read or is not sound
 */
export async function readExceptions(
  file: string,
  cwd: string,
): Promise<{ readonly document: Document; readonly exceptions: readonly Exception[] }> {
  const document = await readSource(path.resolve(cwd, file), file)
  const { value, diagnostics } = readData(document)
  ParapetError.throwFirst(diagnostics.map((diagnostic) => locate(diagnostic, [document])))
  return { document, exceptions: exceptionsIn(value) }
}

/**
 * Exceptions for Falco, as a file that loads behind the rules.
 * @param rules files of Falco rules, or folders of them
 * @throws ParapetError where the rules cannot be read, or Falco would refuse them with the exceptions
 */
export async function falcoExceptions(
  exceptions: readonly Exception[],
  rules: readonly Source[],
  cwd: string,
): Promise<ExceptionRules> {
  const documents = await readRulesFiles(rules, cwd)
  const compiled = compileRules(documents)
  const made = exceptionRules(
    exceptions,
    compiled.rules.map(({ definition }) => definition),
  )
  compileRules([...documents, { file: '<exceptions>', text: made.text }])
  return made
}
