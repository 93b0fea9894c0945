import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { exit, type ExitCode } from '../exit.ts'
import { explainOutcome, type Generated, outcomeText, rulesFile } from '../falco/generate/index.ts'
import { generateFalcoRules } from '../io/falco-generate.ts'
import { writeWhole } from '../io/write-file.ts'
import { countText } from '../report/words.ts'
import { ParapetError } from '../text/error.ts'
import { nearest } from '../text/nearest.ts'
import { reportFailure } from './failure.ts'
import type { FalcoGenerateFlags } from './falco-generate.ts'
import { type Io, write } from './io.ts'

/** Carries out `parapet falco generate`. */
export async function runFalcoGenerate(
  given: string,
  flags: FalcoGenerateFlags,
  io: Io,
): Promise<ExitCode> {
  try {
    if (flags.check && flags.output === undefined)
      throw new ParapetError('USAGE', '`--check` needs `--output`', {
        help: 'name the file or folder with the rules to compare',
      })
    const { policy, explained } = asked(given, flags.explain)
    const prefix = prefixOf(flags.prefix, policy)
    const generated = await generateFalcoRules(policy, io.cwd, prefix)
    if (explained !== undefined) return await explain(generated, explained, io)
    const code = await report(generated, io)
    const text = rulesFile(generated)
    if (flags.output === undefined) {
      await write(io.stdout, text)
      return code
    }
    const shown = targetOf(flags.output, prefix)
    if (flags.check) return (await isSame(text, shown, io)) ? code : exit.bad
    await writeWhole(path.resolve(io.cwd, shown), text, { shown })
    await write(io.stdout, `${shown}\n`)
    return code
  } catch (error) {
    return reportFailure(io, error, false)
  }
}

/** What stands behind `--explain` is a path where no id can be like it: then it is the policy. */
function asked(
  policy: string,
  id: FalcoGenerateFlags['explain'],
): { readonly policy: string; readonly explained: FalcoGenerateFlags['explain'] } {
  const isPath = policy === 'builtin' && typeof id === 'string' && /[./\\]/.test(id)
  return isPath ? { policy: id, explained: true } : { policy, explained: id }
}

async function explain(generated: Generated, id: string | true, io: Io): Promise<ExitCode> {
  const { outcomes } = generated
  const chosen = outcomes.filter(({ guardrail }) => id === true || guardrail.id === id)
  if (chosen.length === 0) {
    const meant = nearest(
      String(id),
      outcomes.map(({ guardrail }) => guardrail.id),
    )
    throw new ParapetError('GUARDRAIL_UNKNOWN', `there is no guardrail \`${String(id)}\``, {
      help: meant
        ? `did you mean \`${meant}\`?`
        : '`parapet guardrails` lists them all; a policy stands before `--explain`',
    })
  }
  await write(io.stdout, chosen.map(explainOutcome).join('\n'))
  return exit.ok
}

/** What became of the guardrails; bad where one was refused that METADATA says nothing about. */
async function report({ outcomes }: Generated, io: Io): Promise<ExitCode> {
  const refused = outcomes.filter(({ kind }) => kind === 'refused')
  for (const outcome of refused) await write(io.stderr, `${outcomeText(outcome)}\n`)
  const rules = outcomes.filter(({ rule }) => rule).length
  const widened = outcomes.filter(({ kind }) => kind === 'widened').length
  const wider = widened > 0 ? `, ${widened} of them wider than their guardrails` : ''
  const all = countText(outcomes.length, 'guardrail')
  await write(io.stderr, `${countText(rules, 'rule')} for ${all}${wider}\n`)
  if (refused.length === 0) return exit.ok
  const help =
    'write `custom.falco: {mode: none, reason: …}` in METADATA, or `mode: manual` or `widen`'
  await write(io.stderr, `help: ${help}\n`)
  return exit.bad
}

/** Rules of the built-in guardrails and of a policy can be loaded together: they share no names. */
function prefixOf(given: string | undefined, policy: string): string {
  const prefix = given ?? (policy === 'builtin' ? 'parapet' : 'own')
  if (/^[A-Za-z][A-Za-z0-9_]*$/.test(prefix)) return prefix
  throw new ParapetError('USAGE', `\`${prefix}\` cannot begin the names of macros`, {
    help: 'take letters, digits and `_`, a letter first',
  })
}

/** `rules/own_k8s_audit_rules.yaml` for the folder `rules`. */
function targetOf(output: string, prefix: string): string {
  return /\.ya?ml$/.test(output) ? output : path.join(output, `${prefix}_k8s_audit_rules.yaml`)
}

async function isSame(text: string, shown: string, io: Io): Promise<boolean> {
  const there = await readFile(path.resolve(io.cwd, shown), 'utf8').catch(() => undefined)
  if (there === text) return true
  const what = there === undefined ? 'is not there' : 'is not what the guardrails give'
  await write(io.stderr, `${shown} ${what}: run the same command without --check\n`)
  return false
}
