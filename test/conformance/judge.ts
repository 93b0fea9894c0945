/** Runs one case in Parapet's own runtime and compares the answer with what the suite wants. */
import { EvaluationError, Policy } from '../../src/rego/policy.ts'
import type { BuiltinProvider } from '../../src/rego/policy.ts'
import { parseJson, parseTerm, printJson } from '../../src/rego/term.ts'
import { RegoObject, compare, equal, objectOf, setOf } from '../../src/rego/value.ts'
import type { Value } from '../../src/rego/value.ts'
import { opaBuiltins } from '../../src/toolchain/builtins.ts'
import type { Case } from './suite.ts'
import { compile } from './toolchain.ts'

/** What a conflict is called in WASM, where errors have no codes. */
const CONFLICT = /var assignment conflict|object insert conflict/
/** What the suite's lookups find on a machine without a network. */
const ADDRESSES: Readonly<Record<string, string>> = {
  '10.0.0.0': '{"10.0.0.0"}',
  '::': '{"::"}',
  localhost: '{"127.0.0.1", "::1"}',
}

const opa = opaBuiltins()

/** Undefined where the case holds, else the reason why it does not. */
export async function judge(item: Case): Promise<string | undefined> {
  try {
    const policy = await load(item)
    if (item.wantErrorCode !== undefined && !item.isStrict) return conflict(item, policy)
    return compareResults(item, policy)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function load(item: Case): Promise<Policy> {
  return Policy.load(compile(item), {
    ...(item.data === undefined ? {} : { dataText: printJson(item.data) }),
    builtins: provider,
    allow: ['net.lookup_ip_addr', 'opa.runtime', 'http.send'],
    clock: clockThatRuns(),
    random: (size) => globalThis.crypto.getRandomValues(new Uint8Array(size)),
  })
}

/** Never shows the same time twice, so that a policy that reads it twice would notice. */
function clockThatRuns(): () => bigint {
  let now = BigInt(Date.now()) * 1_000_000n
  return () => now++
}

const provider: BuiltinProvider = (name) => {
  if (name === 'test.sleep') return () => 'null'
  if (name === 'net.lookup_ip_addr') {
    return ([address]) => ADDRESSES[parseTerm(address!) as string]
  }
  return opa(name)
}

/**
 * WASM has no strict mode of its own: an error that only strict evaluation reports is undefined
 * there, and what solutions are left is what the suite wants, if anything.
 */
function compareResults(item: Case, policy: Policy): string | undefined {
  const results = resultsOf(policy, inputOf(item))
  const found = item.sortBindings ? results.map(sorted) : results
  const wanted = item.wantResult ?? []
  if (equal(setOf(found), setOf(wanted))) return undefined
  return `want ${listed(wanted)}, got ${listed(found)}`
}

/** A term is what OPA's parser makes of its text, comments and trailing commas included. */
function inputOf(item: Case): string | undefined {
  if (item.inputTerm === undefined) {
    return item.input === undefined ? undefined : printJson(item.input)
  }
  const one = opa('array.concat')!([`[${item.inputTerm}\n]`, '[]'], { now: () => 0n })!
  return one.slice(1, -1)
}

function resultsOf(policy: Policy, input: string | undefined): readonly Value[] {
  return parseJson(policy.results(policy.entrypoint('eval'), input)) as readonly Value[]
}

function conflict(item: Case, policy: Policy): string | undefined {
  try {
    return `want ${item.wantErrorCode}, got ${listed(resultsOf(policy, inputOf(item)))}`
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error
    const isWanted = item.wantErrorCode === 'eval_conflict_error' && CONFLICT.test(error.message)
    return isWanted ? undefined : `want ${item.wantErrorCode}, got ${error.message}`
  }
}

/** The bindings with their arrays sorted. */
function sorted(bindings: Value): Value {
  if (!(bindings instanceof RegoObject)) return bindings
  return objectOf(
    bindings.entries.map(([name, value]) => [
      name,
      Array.isArray(value) ? value.toSorted(compare) : value,
    ]),
  )
}

function listed(values: readonly Value[]): string {
  return values.length === 0 ? 'nothing' : values.map(printJson).join(', ')
}
