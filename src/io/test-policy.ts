import { Policy } from '../rego/policy.ts'
import { type Explained, Explainer } from '../testing/disagreement.ts'
import type { GuardrailSubject } from '../testing/engine.ts'
import { FalcoEngine } from '../testing/falco-engine.ts'
import { FalcoRival } from '../testing/falco-rival.ts'
import { compareEngine, type Judged, type Rival } from '../testing/parity.ts'
import { type CaseResult, questionsOf, runCases } from '../testing/run.ts'
import { SdkEngine } from '../testing/sdk-engine.ts'
import { WasmEngine } from '../testing/wasm-engine.ts'
import { type CompiledGuardrails, compileGuardrails } from '../toolchain/guardrails.ts'
import { OpaEngine } from '../toolchain/opa-engine.ts'
import { bundlePath, type PolicySources } from '../toolchain/sources.ts'
import type { Toolchain } from '../toolchain/toolchain.ts'
import type { CaseFile } from './case-files.ts'
import { environment } from './environment.ts'
import { compileRulesFiles } from './falco.ts'
import { type CaseChooser, guardrailOf, readyCases } from './ready-cases.ts'

/** How other engines compare, and what decided where they differ. */
export interface ExplainedParity {
  readonly compared: number
  readonly disagreements: readonly Explained[]
}

/** Guardrails with everything that judges them. */
export class PolicyUnderTest {
  readonly compiled: CompiledGuardrails
  readonly explainer: Explainer
  readonly #wasm: WasmEngine
  readonly #rivals: readonly Rival[]
  readonly #falco: FalcoRival | undefined

  private constructor(
    compiled: CompiledGuardrails,
    wasm: WasmEngine,
    explainer: Explainer,
    rivals: readonly Rival[],
    falco: FalcoRival | undefined,
  ) {
    this.compiled = compiled
    this.explainer = explainer
    this.#wasm = wasm
    this.#rivals = falco ? [...rivals, falco] : rivals
    this.#falco = falco
  }

  /** @param rules Falco rules files, or folders of them */
  static async open(
    toolchain: Toolchain,
    sources: PolicySources,
    rules: readonly string[],
    cwd: string,
  ): Promise<PolicyUnderTest> {
    const compiled = await compileGuardrails(toolchain, sources)
    const { wasm, guardrails, residuals } = compiled
    const data = JSON.parse(Buffer.from(compiled.data).toString()) as unknown
    const policy = await Policy.load(wasm, { ...environment, data })
    const opa = new OpaEngine(toolchain, { policy: compiled.policy, guardrails, data })
    const sdk = await SdkEngine.load(wasm, guardrails, data)
    const files = new Map(compiled.policy.modules.map((one) => [bundlePath(one), one.file]))
    const falco =
      rules.length === 0
        ? undefined
        : new FalcoRival(new FalcoEngine(await compileRulesFiles(rules, cwd)), guardrails)
    return new PolicyUnderTest(
      compiled,
      new WasmEngine({ policy, guardrails, residuals, data }),
      new Explainer(residuals, data, (path) => files.get(path) ?? path),
      [
        { engine: opa, relation: () => 'messages' },
        { engine: sdk, relation: ({ portable }) => (portable ? 'messages' : undefined) },
      ],
      falco,
    )
  }

  /** Runs the cases of case files on Parapet's own runtime. */
  async cases(
    files: readonly CaseFile[],
    cwd: string,
    isChosen: CaseChooser,
  ): Promise<CaseResult<GuardrailSubject>[]> {
    const subjects = files.map((file) => {
      const guardrail = guardrailOf(file, this.compiled.guardrails)
      const subject: GuardrailSubject = { kind: 'guardrail', guardrail }
      return { file, id: guardrail.id, subjectOf: () => subject }
    })
    return runCases<GuardrailSubject>(await readyCases(subjects, cwd, isChosen), this.#wasm)
  }

  /** Asks all other engines the same, and says where they decide differently. */
  async parity(judged: readonly Judged[]): Promise<ExplainedParity> {
    const { guardrails } = this.compiled
    const disagreements: Explained[] = []
    let compared = 0
    for (const rival of this.#rivals) {
      const found = await compareEngine(judged, guardrails, rival)
      compared += found.compared
      for (const one of found.disagreements) {
        const rego = this.explainer.rego(one.guardrail, one.judged)
        const falco = rival === this.#falco ? this.#falco.explain(one.guardrail, one.judged) : []
        disagreements.push({ ...one, rego, falco })
      }
    }
    return { compared, disagreements }
  }
}

/** The events of cases as our runtime judged them. */
export function judgedCases(results: readonly CaseResult<GuardrailSubject>[]): Judged[] {
  return results.flatMap((result) => {
    const { note: name, file, line } = result.case
    return questionsOf(result).map((question, index) => ({
      question,
      verdict: result.verdicts[index]!,
      file,
      line,
      name,
    }))
  })
}
