/** Finds who answers the builtins that a module imports. */
import { ParapetError } from '../text/error.ts'
import type { HostFunction } from './abi.ts'
import { BuiltinError } from './builtins/builtin.ts'
import type { Builtin } from './builtins/builtin.ts'
import { hostBuiltins } from './builtins/index.ts'
import type { Environment, EvaluationState } from './evaluation.ts'
import { parseTerm, printTerm } from './term.ts'

/**
 * A builtin answered outside the core. Operands and answer are texts of Rego terms: JSON with sets
 * as `{1, 2}` and `set()`, and object keys of any kind. Undefined is Rego's undefined; a throw is a
 * builtin error. `now` is the evaluation's time in nanoseconds since 1970.
 */
export type RemoteBuiltin = (
  operands: readonly string[],
  context: { readonly now: () => bigint },
) => string | undefined

/** Answers a builtin of OPA by name; undefined where it does not know the name. */
export type BuiltinProvider = (name: string) => RemoteBuiltin | undefined

export interface HostOptions extends Environment {
  readonly builtins: BuiltinProvider
  readonly allow: readonly string[]
}

/** Builtins whose answer depends on where they run. */
const IMPURE: ReadonlySet<string> = new Set(['http.send', 'net.lookup_ip_addr', 'opa.runtime'])
/** Builtins that need a part of the environment. */
const NEEDS_CLOCK: ReadonlySet<string> = new Set(['time.now_ns', 'io.jwt.decode_verify'])
const NEEDS_RANDOM: ReadonlySet<string> = new Set(['rand.intn', 'uuid.rfc4122'])

/** Binds a module's builtins by name, and reports at once all that have no answer. */
export class Host {
  readonly #options: HostOptions
  readonly #state: EvaluationState
  readonly #missing: string[] = []
  readonly #refused: string[] = []

  constructor(options: HostOptions, state: EvaluationState) {
    this.#options = options
    this.#state = state
  }

  readonly bind = (name: string): HostFunction => {
    if (IMPURE.has(name) && !this.#options.allow.includes(name)) this.#refused.push(name)
    else if (this.#lacksEnvironment(name)) this.#missing.push(name)
    const builtin = Object.hasOwn(hostBuiltins, name) ? hostBuiltins[name] : this.#remote(name)
    if (builtin) return guarded(name, builtin, this.#state)
    if (!this.#refused.includes(name)) this.#missing.push(name)
    return () => undefined
  }

  /** Throws `BUILTIN_REFUSED` or `BUILTIN_MISSING` with every name. */
  check(): void {
    if (this.#refused.length > 0) throw refused(this.#refused)
    if (this.#missing.length > 0) throw missing(this.#missing)
  }

  #lacksEnvironment(name: string): boolean {
    if (NEEDS_CLOCK.has(name)) return this.#options.clock === undefined
    return NEEDS_RANDOM.has(name) && this.#options.random === undefined
  }

  #remote(name: string): Builtin | undefined {
    const remote = this.#options.builtins(name)
    if (!remote) return undefined
    const context = { now: () => this.#state.now() }
    return (operands) => {
      const answer = callRemote(remote, operands.map(printTerm), context)
      return answer === undefined ? undefined : parseTerm(answer)
    }
  }
}

function callRemote(
  remote: RemoteBuiltin,
  operands: readonly string[],
  context: { readonly now: () => bigint },
): string | undefined {
  try {
    return remote(operands, context)
  } catch (cause) {
    throw new BuiltinError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** A builtin error is undefined; the first one of an evaluation is kept for strict policies. */
function guarded(name: string, builtin: Builtin, state: EvaluationState): HostFunction {
  return (operands) => {
    try {
      return builtin(operands, state)
    } catch (error) {
      if (!(error instanceof BuiltinError)) throw error
      state.failure ??= new BuiltinError(`${name}: ${error.message}`, { cause: error })
      return undefined
    }
  }
}

function missing(names: readonly string[]): ParapetError {
  const noun = names.length === 1 ? 'a builtin' : 'builtins'
  return new ParapetError(
    'BUILTIN_MISSING',
    `the policy needs ${noun} not provided here: ${list(names)}`,
    { help: 'leave the builtin out of the policy, or provide it by name' },
  )
}

function refused(names: readonly string[]): ParapetError {
  const verb = names.length === 1 ? 'depends' : 'depend'
  return new ParapetError(
    'BUILTIN_REFUSED',
    `the policy calls ${list(names)}, which ${verb} on where it runs`,
    { help: 'leave the builtin out of the policy, or allow it by name' },
  )
}

function list(names: readonly string[]): string {
  return [...new Set(names)].map((name) => `\`${name}\``).join(', ')
}
