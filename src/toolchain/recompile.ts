import { createHash } from 'node:crypto'
import type { Bundle } from '../bundle/bundle.ts'
import { encodeJson } from '../bundle/encode.ts'
import { parseJson } from '../bundle/json.ts'
import { readBundle } from '../bundle/read.ts'
import { readSources } from '../bundle/sources.ts'
import { readGuardrails } from '../rego/metadata.ts'
import { UNION_PATH } from '../rego/union.ts'
import { encodeResiduals } from '../residual/encode.ts'
import { ParapetError } from '../text/error.ts'
import { version } from '../version.ts'
import { residualsOf } from './residuals.ts'
import type { Toolchain } from './toolchain.ts'

/** Whether a bundle is what its own sources compile to. */
export interface Recompilation {
  /** `unknown`: it carries no sources, or this compiler cannot say. */
  readonly state: 'same' | 'different' | 'unknown'
  /** Files that differ, or why nothing can be said. */
  readonly reasons: readonly string[]
  /** Version of OPA that compiled it again. */
  readonly opa: string
}

/** Compiles the sources that a bundle carries and compares WASM and Rego with what is in it. */
export async function recompile(toolchain: Toolchain, bundle: Bundle): Promise<Recompilation> {
  const { opa } = await toolchain.version()
  const sources = readSources(bundle)
  if (!sources)
    return {
      state: 'unknown',
      opa,
      reasons: ['the bundle carries no sources; `parapet build` puts them in'],
    }
  const built = await compileAgain(toolchain, bundle, sources.modules).catch((cause: unknown) => {
    if (cause instanceof ParapetError) return cause
    throw cause
  })
  if (built instanceof ParapetError)
    return { state: 'different', opa, reasons: [`the sources do not compile: ${built.message}`] }
  const compiled = differences(bundle, built)
  const described = await descriptionFaults(toolchain, bundle, sources.modules)
  const reasons = [...compiled, ...described]
  if (reasons.length === 0) return { state: 'same', opa, reasons }
  // Another version may compile the same sources to something else, and be right.
  const isSameOpa = opa === sources.opa
  const isSameParapet = version === sources.parapet
  if (isSameOpa && (isSameParapet || compiled.length > 0))
    return { state: 'different', opa, reasons }
  const made = `it was made by Parapet ${sources.parapet} with OPA ${sources.opa}`
  return { state: 'unknown', opa, reasons: [`${made}, this is ${version} with ${opa}`] }
}

async function compileAgain(
  toolchain: Toolchain,
  bundle: Bundle,
  sources: ReadonlyMap<string, string>,
): Promise<Bundle> {
  const { roots, metadata, wasm } = bundle.manifest
  const modules = [...sources].map(([path, text]) => ({ file: path, path, text }))
  const policy = { modules, documents: [], schemas: {} }
  const built = await toolchain.build(policy, {
    roots,
    target: bundle.wasm.size > 0 ? 'wasm' : 'rego',
    entrypoints: [...new Set(wasm.map(({ entrypoint }) => entrypoint))],
    ...(metadata === undefined ? {} : { metadata }),
  })
  return (await readBundle(built.bundle, { file: 'compiled again' })).bundle
}

/**
 * What the manifest says of guardrails is believed by whoever loads it: METADATA by reports, and the
 * residuals by the index that decides which events a guardrail is asked about at all.
 */
async function descriptionFaults(
  toolchain: Toolchain,
  bundle: Bundle,
  sources: ReadonlyMap<string, string>,
): Promise<string[]> {
  const { guardrails, residuals } = bundle.manifest.metadata ?? {}
  const modules = [...sources].map(([path, text]) => ({ file: path, path, text }))
  const written = modules.filter(({ path }) => path !== UNION_PATH)
  const read = readGuardrails(await toolchain.annotations({ modules: written }))
  const left = [...(await residualsOf(toolchain, { modules }, read.guardrails)).values()]
  const wasm = [...bundle.wasm.values()].map((bytes) =>
    createHash('sha256').update(bytes).digest('hex'),
  )
  return [
    ...(guardrails === undefined || isSame(guardrails, read.guardrails)
      ? []
      : ['the manifest describes the guardrails otherwise than their sources do']),
    ...(residuals === undefined || isSame(residuals, encodeResiduals(left, wasm[0]))
      ? []
      : ['the residuals in the manifest are not those of the sources']),
  ]
}

/** Equal as JSON, whatever the order of keys. */
function isSame(a: unknown, b: unknown): boolean {
  const canonical = (value: unknown): string =>
    encodeJson(parseJson(JSON.stringify(value)), { html: false })
  return canonical(a) === canonical(b)
}

function differences(bundle: Bundle, again: Bundle): string[] {
  const texts = ({ modules }: Bundle): Map<string, string> =>
    new Map(modules.map(({ path, text }) => [path, text]))
  const [shipped, compiled] = [texts(bundle), texts(again)]
  const names = [...new Set([...shipped.keys(), ...compiled.keys()])]
  const modules = names.filter((name) => shipped.get(name) !== compiled.get(name))
  const wasm = [...new Set([...bundle.wasm.keys(), ...again.wasm.keys()])].filter((name) => {
    const [a, b] = [bundle.wasm.get(name), again.wasm.get(name)]
    return !a || !b || Buffer.compare(a, b) !== 0
  })
  return [...wasm, ...modules].map((name) => `\`${name}\` is not what the sources compile to`)
}
