import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'

/** Adds a verb, which reports its exit code through `done`. */
export type AddVerb = (program: Command, io: Io, done: (code: ExitCode) => void) => void

/** What adds each verb, in the order in which help lists them. To load all would take longer than most runs. */
const verbs: Readonly<Record<string, () => Promise<AddVerb>>> = {
  scan: async () => (await import('./scan.ts')).addScan,
  baseline: async () => (await import('./baseline.ts')).addBaseline,
  exception: async () => (await import('./exception.ts')).addException,
  backtest: async () => (await import('./backtest.ts')).addBacktest,
  redact: async () => (await import('./redact.ts')).addRedact,
  guardrails: async () => (await import('./guardrails.ts')).addGuardrails,
  check: async () => (await import('./check.ts')).addCheck,
  fmt: async () => (await import('./fmt.ts')).addFmt,
  init: async () => (await import('./init.ts')).addInit,
  new: async () => (await import('./new.ts')).addNew,
  test: async () => (await import('./test.ts')).addTest,
  falco: async () => (await import('./falco.ts')).addFalco,
  config: async () => (await import('./config.ts')).addConfig,
  doctor: async () => (await import('./doctor.ts')).addDoctor,
  build: async () => (await import('./build.ts')).addBuild,
  sign: async () => (await import('./sign.ts')).addSign,
  verify: async () => (await import('./verify.ts')).addVerify,
  inspect: async () => (await import('./inspect.ts')).addInspect,
  diff: async () => (await import('./diff.ts')).addDiff,
  keys: async () => (await import('./keys.ts')).addKeys,
  serve: async () => (await import('./serve.ts')).addServe,
  push: async () => (await import('./push.ts')).addPush,
  pull: async () => (await import('./pull.ts')).addPull,
  opa: async () => (await import('./opa.ts')).addOpa,
}

/** What adds a verb, or all where it is none: help, completion and mistakes need them. */
export async function loadVerbs(verb: string | undefined): Promise<readonly AddVerb[]> {
  const load = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  return load ? [await load()] : Promise.all(Object.values(verbs).map((each) => each()))
}
