/** Versions of Falco's engine and plugins, and what a rules file may require of them. */
import { fieldClasses } from '../fields/catalogue.ts'
import { parseUint32 } from './decode.ts'

export type Version = readonly [major: number, minor: number, patch: number]

/** The rule engine of Falco 0.44, whose answers Parapet gives. */
export const engineVersion: Version = [0, 62, 0]

/** The plugins that rules can count on, by name. */
export const pluginVersions: Readonly<Record<string, string>> = Object.fromEntries(
  fieldClasses
    .filter(({ takesArguments }) => takesArguments)
    .map(({ name, version }) => [name, version]),
)

/** Three numbers; what follows them does not matter. Undefined for anything else. */
export function parseVersion(text: string): Version | undefined {
  const match = /^\s*\+?([0-9]+)\.\s*\+?([0-9]+)\.\s*\+?([0-9]+)/.exec(text)
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined
}

/** `required_engine_version`: a whole number N stands for 0.N.0. */
export function parseEngineVersion(text: string): Version | undefined {
  const number = parseUint32(text)
  return number === undefined ? parseVersion(text) : [0, number, 0]
}

/** The same major version, and at least the rest. */
export function isCompatible(have: Version, wanted: Version): boolean {
  if (have[0] !== wanted[0]) return false
  return have[1] !== wanted[1] ? have[1] > wanted[1] : have[2] >= wanted[2]
}

export function printVersion(version: Version): string {
  return version.join('.')
}
