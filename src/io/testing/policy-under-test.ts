import type { Json } from '../../residual/residual.ts'
import type { Case } from '../../testing/case.ts'
import type { Conditions } from '../../testing/conditions.ts'
import { DataRules } from '../../testing/data-rules.ts'
import type { GuardrailSubject } from '../../testing/engine.ts'
import { FalcoEngine } from '../../testing/falco-engine.ts'
import { FalcoRival } from '../../testing/falco-rival.ts'
import { compareEngine, type Judged, type Rival } from '../../testing/parity.ts'
import { type GuardrailParity, ParityTally } from '../../testing/parity-tally.ts'
import { type CaseResult, questionsOf, runCases } from '../../testing/run.ts'
import { SdkEngine } from '../../testing/sdk-engine.ts'
import type { WasmEngine } from '../../testing/wasm-engine.ts'
import { ParapetError } from '../../text/error.ts'
import type { CompiledGuardrails } from '../../toolchain/guardrails.ts'
import { OpaEngine } from '../../toolchain/opa-engine.ts'
import { standardSchema } from '../../toolchain/standard.ts'
import type { PolicySources } from '../../toolchain/sources.ts'
import type { Toolchain } from '../../toolchain/toolchain.ts'
import type { CaseFile } from './case-files.ts'
import { compileRulesFiles } from '../policy/falco.ts'
import { type OpenGuardrails, openGuardrails } from './open-guardrails.ts'
import { type CaseChooser, guardrailOf, readyCases } from './ready-cases.ts'

/** Guardrails with everything that judges them. */
export class PolicyUnderTest {
  readonly compiled: CompiledGuardrails
  readonly conditions: Conditions
  readonly #tally: ParityTally
  readonly #wasm: WasmEngine
  readonly #rivals: readonly Rival[]
  readonly #falco: FalcoRival | undefined

  private constructor(
    { compiled, conditions, wasm }: OpenGuardrails,
    rivals: readonly Rival[],
    falco: FalcoRival | undefined,
  ) {
    this.compiled = compiled
    this.conditions = conditions
    this.#wasm = wasm
    this.#rivals = falco ? [...rivals, falco] : rivals
    this.#falco = falco
    this.#tally = new ParityTally((one) => ({
      ...one,
      rego: conditions.decisive(one.guardrail, one.judged.question),
      falco: one.engine === 'falco' ? falco!.explain(one.guardrail, one.judged) : [],
    }))
  }

  /** @param rules Falco rules files, or folders of them */
  static async open(
    toolchain: Toolchain,
    sources: PolicySources,
    rules: readonly string[],
    cwd: string,
  ): Promise<PolicyUnderTest> {
    const open = await openGuardrails(toolchain, sources)
    const { data } = open
    const { wasm, guardrails, policy } = open.compiled
    const falco = rules.length === 0 ? undefined : await falcoRival(open, rules, cwd)
    const opa = new OpaEngine(toolchain, { policy, guardrails, data })
    const sdk = await SdkEngine.load(wasm, guardrails, data)
    return new PolicyUnderTest(
      open,
      [
        { engine: opa, relation: () => 'messages' },
        { engine: sdk, relation: ({ portable }) => (portable ? 'messages' : undefined) },
      ],
      falco,
    )
  }

  /** Runs the cases of case files that are asked for. */
  async cases(
    files: readonly CaseFile[],
    cwd: string,
    isChosen: CaseChooser,
  ): Promise<CaseResult<GuardrailSubject>[]> {
    const subjects = files.map((file) => {
      const guardrail = guardrailOf(file, this.compiled.guardrails)
      const subject: GuardrailSubject = { kind: 'guardrail', guardrail }
      return { file, id: guardrail.id, subjectOf: (one: Case) => withoutRule(one, subject) }
    })
    return runCases<GuardrailSubject>(await readyCases(subjects, cwd, isChosen), this.#wasm)
  }

  /** Asks all other engines what cases asked. */
  async compareCases(results: readonly CaseResult<GuardrailSubject>[]): Promise<void> {
    for (const { subject } of results) this.#tally.compared(subject.guardrail)
    await this.#compare(results.flatMap(judgedOf))
  }

  /**
   * Asks Falco about the events of cases for all the other guardrails: its rules are other code than
   * the guardrails, and may find something in events that nobody thought of beside them.
   */
  async compareFalcoAcross(results: readonly CaseResult<GuardrailSubject>[]): Promise<void> {
    const falco = this.#falco
    if (!falco) return
    const own = results.flatMap(judgedOf).filter(({ question }) => question.data === undefined)
    const judged = await this.#judge(
      own.map((one) => ({ ...one, question: { ...one.question, subject: { kind: 'union' } } })),
    )
    const guardrails = new Map(judged.map((one, index) => [one, own[index]!.question.subject]))
    const others: Rival = {
      engine: falco.engine,
      relation: (guardrail, one) => {
        const subject = guardrails.get(one)
        const isOwn = subject?.kind === 'guardrail' && subject.guardrail === guardrail
        return isOwn ? undefined : falco.relation(guardrail, one)
      },
    }
    await this.#compare(judged, [others])
  }

  /**
   * Asks all engines about events, for all guardrails.
   * @returns the events as our runtime judged them
   */
  async compareEvents(events: readonly Omit<Judged, 'verdict'>[]): Promise<Judged[]> {
    for (const guardrail of this.compiled.guardrails) this.#tally.compared(guardrail)
    const judged = await this.#judge(events)
    await this.#compare(judged)
    return judged
  }

  /** Whether all engines agree about the guardrails that were compared. */
  parity(): GuardrailParity[] {
    return this.#tally.results().map((row) => {
      const missingRule = this.#falco?.missingRule(row.guardrail)
      return missingRule === undefined ? row : { ...row, missingRule }
    })
  }

  async #judge(events: readonly Omit<Judged, 'verdict'>[]): Promise<Judged[]> {
    const verdicts = await this.#wasm.answer(events.map(({ question }) => question))
    return events.map((event, index) => ({ ...event, verdict: verdicts[index]! }))
  }

  async #compare(judged: readonly Judged[], rivals = this.#rivals): Promise<void> {
    for (const rival of rivals) {
      const disagreements = await compareEngine(judged, this.compiled.guardrails, rival)
      for (const one of disagreements) this.#tally.add(one)
    }
  }
}

async function falcoRival(
  { compiled: { guardrails, residuals }, data }: OpenGuardrails,
  rules: readonly string[],
  cwd: string,
): Promise<FalcoRival> {
  const schema = (await standardSchema()) as Json
  const dataRules = new DataRules({ guardrails, residuals, data: data as Json, schema })
  return new FalcoRival(new FalcoEngine(await compileRulesFiles(rules, cwd)), dataRules, guardrails)
}

function withoutRule<S>({ rule, file, line }: Case, subject: S): S {
  if (rule === undefined) return subject
  throw new ParapetError('CASE_INVALID', '`rule` in a case of a guardrail', {
    file,
    line,
    help: 'only cases of Falco rules name one',
  })
}

/** The events of a case as our runtime judged them. */
function judgedOf(result: CaseResult<GuardrailSubject>): Judged[] {
  const { note, file, line } = result.case
  return questionsOf(result).map((question, index) => ({
    question,
    verdict: result.verdicts[index]!,
    file,
    line,
    note,
  }))
}
