import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

const EXAMPLES = `Examples:
  parapet build bundles/mine.yaml              every environment of the recipe
  parapet build bundles/mine.yaml --env prod --signing-key env:SIGNING_KEY
  parapet build --all                          every recipe in bundles/

A recipe says what goes in:
  policy: ../rego            folder with Rego, data and schemas
  data: [data/common.yaml]   laid over the policy's own data
  environments:
    dev: {data: [data/dev.yaml]}
    prod: {data: [data/prod.yaml]}

Exit codes: 0 built, 2 not built.
`

/** Options as commander hands them over. */
export interface BuildFlags {
  readonly all?: boolean
  readonly env: string[]
  readonly output?: string
  readonly revision?: string
  readonly signingKey?: string
  readonly signingAlg?: string
  readonly keyid?: string
  readonly scope?: string
  readonly format: 'text' | 'json'
}

/** Adds `parapet build`. */
export function addBuild(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const list = (value: string, before: string[]): string[] => [...before, value]
  program
    .command('build')
    .summary('build bundles for OPA from a recipe')
    .description(
      'Compiles guardrails into bundles (Rego, policy.wasm, data and manifest), one for each environment.',
    )
    .argument('[recipes...]', 'recipes: YAML files', [])
    .option('--all', 'every recipe in the folder bundles/')
    .option('-e, --env <name>', 'build only this environment; repeatable', list, [])
    .option('-o, --output <file>', 'where the one bundle goes, instead of where the recipe says')
    .option('-r, --revision <text>', 'revision: a text, `git`, or `content`')
    .optionsGroup('Signature:')
    .option('--signing-key <key>', 'file with a private key, or env:NAME')
    .option('--signing-alg <name>', 'algorithm, where the key allows several')
    .option('--keyid <id>', 'tells the verifier which key to use')
    .option('--scope <scope>', 'what the signature is good for')
    .optionsGroup('Output:')
    .option('-f, --format <format>', 'text or json', 'text')
    .addHelpText('before', EXAMPLES)
    .action(async (recipes: string[], flags: BuildFlags) => {
      const { runBuild } = await import('./build-run.ts')
      done(await runBuild(recipes, flags, io))
    })
}
