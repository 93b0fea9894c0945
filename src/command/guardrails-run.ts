import { exit, type ExitCode } from '../exit.ts'
import { readGuardrailMetadata } from '../io/policy/guardrails.ts'
import type { GuardrailMetadata } from '../rego/metadata.ts'
import { guardrailIndex, guardrailPage } from '../report/guardrail-page.ts'
import { guardrailList, guardrailText } from '../report/guardrail-text.ts'
import { ParapetError } from '../text/error.ts'
import { nearest } from '../text/nearest.ts'
import { reportFailure } from './failure.ts'
import type { GuardrailsFlags } from './guardrails.ts'
import { type Io, paintFor, write } from './io.ts'
import { trustOf } from './trust-options.ts'

/** Carries out `parapet guardrails`. */
export async function runGuardrails(
  id: string | undefined,
  flags: GuardrailsFlags,
  io: Io,
): Promise<ExitCode> {
  try {
    const trust = await trustOf(flags, io)
    const all = await readGuardrailMetadata(flags.policy, io.cwd, trust)
    const chosen = choose(all, id, flags.tag)
    await write(io.stdout, render(all, chosen, id !== undefined, flags.format, io))
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, flags.format === 'json')
  }
}

function choose(
  all: readonly GuardrailMetadata[],
  id: string | undefined,
  tag: string | undefined,
): readonly GuardrailMetadata[] {
  const labels = ({ tags, controls }: GuardrailMetadata): string[] => [
    ...tags,
    ...Object.values(controls).flat(),
  ]
  const tagged = tag === undefined ? all : all.filter((item) => labels(item).includes(tag))
  if (tagged.length === 0) throw unknown('tag or control', tag!, new Set(all.flatMap(labels)))
  if (id === undefined) return tagged
  const found = tagged.filter((guardrail) => guardrail.id === id)
  if (found.length > 0) return found
  throw unknown('guardrail', id, new Set(tagged.map((guardrail) => guardrail.id)))
}

function render(
  all: readonly GuardrailMetadata[],
  chosen: readonly GuardrailMetadata[],
  one: boolean,
  format: string,
  io: Io,
): string {
  if (format === 'json') return `${JSON.stringify(one ? chosen[0] : chosen, undefined, 2)}\n`
  if (format === 'markdown') {
    const ids = all.map((guardrail) => guardrail.id)
    return one ? guardrailPage(chosen[0]!, ids) : guardrailIndex(chosen)
  }
  const paint = paintFor(io, io.stdout)
  return one ? guardrailText(chosen[0]!, paint) : guardrailList(chosen, paint)
}

function unknown(noun: string, name: string, known: ReadonlySet<string>): ParapetError {
  const meant = nearest(name, known)
  return new ParapetError('GUARDRAIL_UNKNOWN', `there is no ${noun} \`${name}\``, {
    help: meant ? `did you mean \`${meant}\`?` : '`parapet guardrails` lists them all',
  })
}
