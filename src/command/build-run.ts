import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { exit, type ExitCode } from '../exit.ts'
import { type BuildRequest, type BuiltArchive, buildRecipe } from '../io/build.ts'
import { writeWhole } from '../io/write-file.ts'
import { bytesText } from '../report/words.ts'
import { renderDiagnostic } from '../text/diagnostic.ts'
import { ParapetError } from '../text/error.ts'
import type { BuildFlags } from './build.ts'
import { reportFailure } from './failure.ts'
import { type Io, write } from './io.ts'

/** Carries out `parapet build`. */
export async function runBuild(recipes: string[], flags: BuildFlags, io: Io): Promise<ExitCode> {
  try {
    const wanted = flags.all ? [...recipes, ...(await allRecipes(io.cwd))] : recipes
    if (wanted.length === 0)
      throw new ParapetError('USAGE', 'there is no recipe to build', {
        help: 'name a recipe, or use --all for every one in bundles/',
      })
    for (const recipe of wanted) await buildOne(recipe, flags, io)
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, flags.format === 'json')
  }
}

async function buildOne(recipe: string, flags: BuildFlags, io: Io): Promise<void> {
  const { archives, diagnostics } = await buildRecipe(requestOf(recipe, flags), io)
  for (const diagnostic of diagnostics) await write(io.stderr, `${renderDiagnostic(diagnostic)}\n`)
  if (flags.output !== undefined && archives.length > 1)
    throw new ParapetError(
      'USAGE',
      `--output names one file, the recipe makes ${archives.length} bundles`,
      {
        help: 'choose one with --env, or leave --output out',
      },
    )
  for (const archive of archives) {
    const output = flags.output ?? archive.output
    await writeWhole(path.resolve(io.cwd, output), archive.bytes, { shown: output })
    await write(
      io.stdout,
      flags.format === 'json' ? line({ ...archive, output }) : text({ ...archive, output }),
    )
  }
}

function requestOf(recipe: string, flags: BuildFlags): BuildRequest {
  const { revision, signingKey, signingAlg, keyid, scope } = flags
  return {
    recipe,
    ...(flags.env.length > 0 ? { environments: flags.env } : {}),
    ...(revision === undefined ? {} : { revision }),
    ...(signingKey === undefined ? {} : { signingKey }),
    signing: {
      ...(keyid === undefined ? {} : { keyId: keyid }),
      ...(signingAlg === undefined ? {} : { algorithm: signingAlg }),
      ...(scope === undefined ? {} : { scope }),
    },
  }
}

async function allRecipes(cwd: string): Promise<string[]> {
  const names = await readdir(path.join(cwd, 'bundles')).catch(() => [] as string[])
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => path.join('bundles', name))
}

function text(archive: BuiltArchive): string {
  const { output, environment, revision, bytes, signedWith, reading } = archive
  const facts = [
    environment,
    `revision ${revision}`,
    `${reading.bundle.files.size} files`,
    bytesText(bytes.length),
    signedWith === undefined ? 'not signed' : `signed with ${signedWith}`,
  ]
  return `${output}  ${facts.filter((fact) => fact !== undefined).join(', ')}\n`
}

function line(archive: BuiltArchive): string {
  const { output, environment, revision, bytes, signedWith } = archive
  return `${JSON.stringify({ output, environment: environment ?? null, revision, bytes: bytes.length, keyid: signedWith ?? null })}\n`
}
