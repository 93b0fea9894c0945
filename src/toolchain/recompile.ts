import type { Bundle } from '../bundle/bundle.ts'
import { readBundle } from '../bundle/read.ts'
import { readSources } from '../bundle/sources.ts'
import { ParapetError } from '../text/error.ts'
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
  const reasons = differences(bundle, built)
  if (reasons.length === 0) return { state: 'same', opa, reasons }
  if (opa === sources.opa) return { state: 'different', opa, reasons }
  return {
    state: 'unknown',
    opa,
    reasons: [`it was compiled by OPA ${sources.opa}, this is OPA ${opa}`],
  }
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
