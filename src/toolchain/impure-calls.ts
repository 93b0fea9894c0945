import { IMPURE } from '../rego/host.ts'
import { isTestModule } from '../rego/metadata.ts'
import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import { isObject, type JsonObject } from '../text/json.ts'
import { type Place, Places } from './issues.ts'
import { bundlePath, type PolicySources, type RegoSource } from './sources.ts'
import type { Toolchain } from './toolchain.ts'

/** Modules, tests aside, that may call a builtin whose answer depends on where it runs; by their text. */
export function mayCallImpure({ modules }: PolicySources): RegoSource[] {
  return modules.filter(
    (module) =>
      !isTestModule({ path: bundlePath(module) }) &&
      [...IMPURE].some((name) => module.text.includes(name)),
  )
}

/** Every call of some of these builtins. Throws a ParapetError for what is Rego of no version. */
export async function impureCalls(
  toolchain: Toolchain,
  modules: readonly RegoSource[],
  names: ReadonlySet<string>,
): Promise<LocatedDiagnostic[]> {
  const found: LocatedDiagnostic[] = []
  for (const module of modules) {
    const places = new Places([module])
    const tree = await toolchain
      .parse(module)
      .catch(() => toolchain.parse(module, { regoVersion: 0 }))
    for (const { name, place } of callsIn(tree)) {
      if (!names.has(name)) continue
      found.push({
        code: 'BUILTIN_REFUSED',
        severity: 'error',
        message: `\`${name}\` depends on where it runs`,
        ...places.at({ ...place, file: bundlePath(module) }),
        help: 'leave it out: findings are to be the same wherever a log is scanned',
      })
    }
  }
  return found
}

interface Call {
  readonly name: string
  readonly place: Place
}

/** All calls: an expression that is one has its operator first among its terms, as a call inside of one has. */
function callsIn(node: unknown): Call[] {
  if (Array.isArray(node)) return node.flatMap(callsIn)
  if (!isObject(node)) return []
  const terms = node['type'] === 'call' ? node['value'] : node['terms']
  const operator = Array.isArray(terms) && isObject(terms[0]) ? terms[0] : undefined
  const name = operator && nameOf(operator)
  const own = name === undefined ? [] : [{ name, place: operator!['location'] as Place }]
  return [...own, ...Object.values(node).flatMap(callsIn)]
}

function nameOf({ type, value }: JsonObject): string | undefined {
  if (type !== 'ref' || !Array.isArray(value)) return undefined
  return (value as JsonObject[]).map((part) => String(part['value'])).join('.')
}
