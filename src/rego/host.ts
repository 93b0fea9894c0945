/** Finds who answers the builtins that a module imports. */
import { ParapetError } from '../text/error.ts'
import type { HostFunction } from './abi.ts'
import { BuiltinError, ELSEWHERE } from './builtins/builtin.ts'
import type { Builtin } from './builtins/builtin.ts'
import { DEFERRING, loadBuiltins } from './builtins/index.ts'
import { BuiltinHalt } from './builtins/limit.ts'
import type { Environment, EvaluationState } from './evaluation.ts'
import { parseTerm, printTerm } from './term.ts'
import type { Value } from './value.ts'

/**
 * A builtin answered outside the core. Operands and answer are texts of Rego terms: JSON with sets
 * as `{1, 2}` and `set()`, and object keys of any kind. Undefined is Rego's undefined; a BuiltinError
 * thrown is one too, and any other error ends the evaluation. `now` is the evaluation's time in
 * nanoseconds since 1970.
 */
export type RemoteBuiltin = (
  operands: readonly string[],
  context: { readonly now: () => bigint },
) => string | undefined

/** Answers a builtin of OPA by name; undefined where it does not know the name. */
export type BuiltinProvider = (name: string) => RemoteBuiltin | undefined

export interface HostOptions extends Environment {
  readonly builtins: BuiltinProvider
  readonly loadBuiltins: () => Promise<BuiltinProvider>
  readonly allow: readonly string[]
}

/** Builtins whose answer depends on where they run: no policy that calls one is loaded. */
export const IMPURE: ReadonlySet<string> = new Set([
  'http.send',
  'net.lookup_ip_addr',
  'opa.runtime',
])
/** Builtins that need a part of the environment. */
const NEEDS_CLOCK: ReadonlySet<string> = new Set(['time.now_ns', 'io.jwt.decode_verify'])
const NEEDS_RANDOM: ReadonlySet<string> = new Set(['rand.intn', 'uuid.rfc4122'])

/** Binds a policy's builtins by name, once for all its instances. */
export class Host {
  readonly #options: HostOptions
  readonly #state: EvaluationState
  readonly #bound = new Map<string, HostFunction>()
  #loaded: BuiltinProvider = () => undefined

  constructor(options: HostOptions, state: EvaluationState) {
    this.#options = options
    this.#state = state
  }

  /** Who answers a name that was prepared. */
  readonly functionOf = (name: string): HostFunction => this.#bound.get(name)!

  /**
   * Finds who answers each name, loading what is needed for it.
   *
   * @throws ParapetError `BUILTIN_REFUSED` or `BUILTIN_MISSING` with every name.
   */
  async prepare(names: readonly string[]): Promise<void> {
    const refused = names.filter((name) => IMPURE.has(name) && !this.#options.allow.includes(name))
    if (refused.length > 0) throw refusedBuiltins(refused)
    const own = await loadBuiltins(names)
    if (names.some((name) => !own.has(name) || DEFERRING.has(name))) {
      this.#loaded = await this.#options.loadBuiltins()
    }
    const missing: string[] = []
    for (const name of names) {
      const mine = own.get(name)
      const builtin = mine ? this.#own(name, mine) : this.#remote(name)
      if (builtin && !this.#lacksEnvironment(name)) {
        this.#bound.set(name, guarded(name, builtin, this.#state))
      } else missing.push(name)
    }
    if (missing.length > 0) throw missingBuiltins(missing)
  }

  #lacksEnvironment(name: string): boolean {
    if (NEEDS_CLOCK.has(name)) return this.#options.clock === undefined
    return NEEDS_RANDOM.has(name) && this.#options.random === undefined
  }

  /** Parapet's own builtin; what it leaves to OPA's code goes there, looked up when it happens. */
  #own(name: string, builtin: Builtin): Bound {
    let remote: Bound | undefined
    return (operands) => {
      const answer = builtin(operands, this.#state)
      if (answer !== ELSEWHERE) return answer
      remote ??= this.#remote(name)
      if (remote) return remote(operands)
      throw new BuiltinHalt(`this call of \`${name}\` needs OPA's own code, which is not provided`)
    }
  }

  #remote(name: string): Bound | undefined {
    // What was allowed although it depends on where it runs is the caller's own to answer.
    const remote =
      this.#options.builtins(name) ?? (IMPURE.has(name) ? undefined : this.#loaded(name))
    if (!remote) return undefined
    // A builtin to which the time matters is bound only where there is a clock.
    const context = { now: () => (this.#options.clock ? this.#state.now() : 0n) }
    return (operands) => {
      const answer = remote(operands.map(printTerm), context)
      return answer === undefined ? undefined : parseTerm(answer)
    }
  }
}

type Bound = (operands: readonly Value[]) => Value | undefined

/** A builtin error is undefined; the first one of an evaluation is kept for strict policies. */
function guarded(name: string, builtin: Bound, state: EvaluationState): HostFunction {
  return (operands) => {
    try {
      return builtin(operands)
    } catch (error) {
      if (!(error instanceof BuiltinError)) throw error
      state.failure ??= new BuiltinError(`${name}: ${error.message}`, { cause: error })
      return undefined
    }
  }
}

function missingBuiltins(names: readonly string[]): ParapetError {
  const noun = names.length === 1 ? 'a builtin' : 'builtins'
  return new ParapetError(
    'BUILTIN_MISSING',
    `the policy needs ${noun} not provided here: ${list(names)}`,
    { help: 'leave the builtin out of the policy, or provide it by name' },
  )
}

function refusedBuiltins(names: readonly string[]): ParapetError {
  const verb = names.length === 1 ? 'depends' : 'depend'
  return new ParapetError(
    'BUILTIN_REFUSED',
    `the policy calls ${list(names)}, which ${verb} on where it runs`,
    {
      help: 'leave the builtin out of the policy: findings are to be the same wherever a log is scanned',
    },
  )
}

function list(names: readonly string[]): string {
  return [...new Set(names)].map((name) => `\`${name}\``).join(', ')
}
