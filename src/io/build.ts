import path from 'node:path'
import { assemble } from '../bundle/assemble.ts'
import { type ArchiveFile, unpackArchive } from '../bundle/archive.ts'
import type { JsonObject } from '../bundle/json.ts'
import { type BundleReading, readBundle } from '../bundle/read.ts'
import { type Recipe, type RecipeEnvironment, readRecipe } from '../bundle/recipe.ts'
import { signFiles, type SignOptions } from '../bundle/sign.ts'
import { sourcesFile } from '../bundle/sources.ts'
import { packBundle, withSignatures } from '../bundle/write.ts'
import { readDocument } from '../bundle/yaml-data.ts'
import { readData } from '../engine/data.ts'
import { type LocatedDiagnostic, locate } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import { bundlePath, type PolicySources } from '../toolchain/sources.ts'
import type { Toolchain } from '../toolchain/toolchain.ts'
import { version } from '../version.ts'
import { gitRevision } from './policy/git.ts'
import { type KeyPlaces, loadKey } from './keys.ts'
import { readPolicyFolder } from './policy/policy-folder.ts'
import { readSource } from './source.ts'

export interface BuildRequest {
  /** Path of the recipe. */
  readonly recipe: string
  /** Environments to build; all of them where it is absent. */
  readonly environments?: readonly string[]
  /** Stands in for the recipe's. */
  readonly revision?: string
  /** Key to sign with, in place of the recipe's: a path, or `env:NAME`. */
  readonly signingKey?: string
  readonly signing?: {
    readonly keyId?: string
    readonly algorithm?: string
    readonly scope?: string
  }
}

/** A bundle that was built, still in memory. */
export interface BuiltArchive {
  /** Undefined for a recipe without environments. */
  readonly environment: string | undefined
  /** Where it belongs, relative to the working folder or absolute. */
  readonly output: string
  readonly revision: string
  readonly bytes: Uint8Array
  /** The archive as a reader sees it; what is built is read again before it is given away. */
  readonly reading: BundleReading
  readonly signedWith: string | undefined
}

export interface BuildResult {
  readonly archives: readonly BuiltArchive[]
  /** Warnings: files that were left out, what OPA's compiler has to say. */
  readonly diagnostics: readonly LocatedDiagnostic[]
}

/**
 * Builds the bundles of a recipe: compiles once, lays each environment's data over the policy's,
 * signs, and reads the result again.
 * @throws ParapetError `RECIPE_…`, and whatever the policy, its data or a key is blamed for
 */
export async function buildRecipe(request: BuildRequest, places: KeyPlaces): Promise<BuildResult> {
  const recipe = await loadRecipe(request.recipe, places.cwd)
  const wanted = environmentsOf(recipe, request)
  const beside = (file: string): string => path.join(path.dirname(request.recipe), file)
  const folder = await readPolicyFolder(path.resolve(places.cwd, beside(recipe.policy)), {
    shown: beside(recipe.policy),
  })
  const compiled = await compile(folder.policy, recipe)
  const revision = await revisionOf(recipe, request, places.cwd)
  const key = await signingOf(recipe, request, places)
  const archives: BuiltArchive[] = []
  for (const [environment, { data, output }] of wanted) {
    const overlays = await Promise.all(
      [...recipe.data, ...data].map((file) => readOverlay(beside(file), places.cwd)),
    )
    const extra = recipe.sources ? [compiled.sources] : []
    const assembled = assemble(compiled.files, {
      overlays,
      extra,
      ...(revision === undefined ? {} : { revision }),
    })
    const files = key
      ? withSignatures(assembled.files, await signFiles(assembled.files, key))
      : assembled.files
    const bytes = packBundle(files)
    const place = outputOf(request.recipe, recipe, environment, output)
    archives.push({
      environment,
      output: place,
      revision: assembled.revision,
      bytes,
      reading: await readBundle(bytes, { file: place }),
      signedWith: key?.keyId,
    })
  }
  return { archives, diagnostics: [...folder.diagnostics, ...compiled.diagnostics] }
}

async function loadRecipe(file: string, cwd: string): Promise<Recipe> {
  const document = await readSource(path.resolve(cwd, file), file)
  const { recipe, diagnostics } = readRecipe(document)
  ParapetError.throwFirst(diagnostics.map((diagnostic) => locate(diagnostic, [document])))
  return recipe!
}

type Environments = [string | undefined, RecipeEnvironment][]

function environmentsOf(
  recipe: Recipe,
  { recipe: file, environments: asked }: BuildRequest,
): Environments {
  const known = recipe.environments
  if (known.size === 0 && !asked?.length) return [[undefined, { data: [] }]]
  return (asked ?? [...known.keys()]).map((name) => {
    const found = known.get(name)
    if (found) return [name, found]
    throw new ParapetError('RECIPE_ENVIRONMENT', `the recipe has no environment \`${name}\``, {
      file,
      help:
        known.size > 0 ? `it has ${[...known.keys()].join(', ')}` : 'it makes one bundle for all',
    })
  })
}

interface CompiledPolicy {
  readonly files: readonly ArchiveFile[]
  readonly sources: ArchiveFile
  readonly diagnostics: readonly LocatedDiagnostic[]
}

async function compile(policy: PolicySources, recipe: Recipe): Promise<CompiledPolicy> {
  const { Toolchain } = await import('../toolchain/toolchain.ts')
  const { compileGuardrails } = await import('../toolchain/guardrails.ts')
  const toolchain = Toolchain.open()
  try {
    const { target, entrypoints, roots } = recipe
    const built = await compileGuardrails(toolchain, policy, {
      target,
      entrypoints,
      ...(roots ? { roots } : {}),
    })
    return {
      files: await unpackArchive(built.bundle, recipe.policy),
      sources: await sourcesOf(toolchain, built.policy),
      diagnostics: built.diagnostics,
    }
  } finally {
    await toolchain.close()
  }
}

async function sourcesOf(toolchain: Toolchain, policy: PolicySources): Promise<ArchiveFile> {
  const { opa } = await toolchain.version()
  const modules = policy.modules.map((module) => [bundlePath(module), module.text] as const)
  return sourcesFile({ opa, parapet: version, modules: new Map(modules) })
}

async function readOverlay(file: string, cwd: string): Promise<JsonObject> {
  const document = await readSource(path.resolve(cwd, file), file)
  const { diagnostics } = readData(document)
  ParapetError.throwFirst(diagnostics.map((diagnostic) => locate(diagnostic, [document])))
  const value = readDocument(file, Buffer.from(document.text))
  if (value instanceof Map) return value
  throw new ParapetError('DATA_INVALID', 'data must be one mapping', { file })
}

/** Undefined where the content is to name itself. */
async function revisionOf(
  recipe: Recipe,
  request: BuildRequest,
  cwd: string,
): Promise<string | undefined> {
  const revision = request.revision ?? recipe.revision
  if (revision === 'content') return undefined
  return revision === 'git'
    ? gitRevision(path.dirname(path.resolve(cwd, request.recipe)))
    : revision
}

async function signingOf(
  recipe: Recipe,
  request: BuildRequest,
  places: KeyPlaces,
): Promise<SignOptions | undefined> {
  const { signing } = recipe
  const inRecipe =
    signing?.keyEnv === undefined
      ? signing?.keyFile && path.join(path.dirname(request.recipe), signing.keyFile)
      : `env:${signing.keyEnv}`
  const source = request.signingKey ?? inRecipe
  if (source === undefined) {
    if (!signing) return undefined
    throw new ParapetError('KEY_UNREADABLE', 'the recipe wants a signature and names no key', {
      file: request.recipe,
      help: 'add `key_env` or `key_file` to its `signing`, or give --signing-key',
    })
  }
  const algorithm = request.signing?.algorithm ?? signing?.algorithm
  const key = await loadKey(
    source,
    { use: 'sign', ...(algorithm === undefined ? {} : { algorithm }) },
    places,
  )
  const scope = request.signing?.scope ?? signing?.scope
  const keyId = request.signing?.keyId ?? signing?.keyId ?? key.id ?? 'default'
  return { key, keyId, ...(scope === undefined ? {} : { scope }) }
}

/** `{environment}` in a name is replaced; without it, an environment's name is put before the ending. */
function outputOf(
  file: string,
  recipe: Recipe,
  environment: string | undefined,
  own: string | undefined,
): string {
  const usual = `${path.basename(file).replace(/\.ya?ml$/, '')}${environment === undefined ? '' : '-{environment}'}.tar.gz`
  const pattern = own ?? recipe.output ?? usual
  const named =
    environment === undefined || own !== undefined || pattern.includes('{environment}')
      ? pattern
      : pattern.replace(/(\.tar\.gz|\.tgz|)$/, '-{environment}$1')
  return path.join(path.dirname(file), named.replaceAll('{environment}', environment ?? ''))
}
