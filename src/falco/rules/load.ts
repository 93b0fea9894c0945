/** Loads rules files the way Falco does: one after the other, all of it compiled after each. */
import type { Diagnostic } from '../../text/diagnostic.ts'
import type { Document } from '../../text/document.ts'
import { AUDIT_SOURCE, Collector } from './collect.ts'
import { type Compilation, compileRules } from './compile.ts'
import { diagnose } from './diagnose.ts'
import type { PluginRequirements } from './model.ts'
import { readRulesFile } from './read.ts'
import { isCompatible, parseVersion, pluginVersions } from './versions.ts'

export interface LoadedRules {
  /** What Falco would run; undefined where it refuses the files. */
  readonly compilation?: Compilation
  /** The first error is the one that Falco would stop at. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Never throws on any text. Errors mean that Falco would load none of the files. */
export function loadRules(documents: readonly Document[]): LoadedRules {
  const collector = new Collector()
  let compilation = compileRules(collector)
  for (const document of documents) {
    if (!readRulesFile(document, collector)) return { diagnostics: collector.diagnostics }
    compilation = compileRules(collector)
    if (compilation.diagnostics.some(isError)) {
      return { diagnostics: [...collector.diagnostics, ...compilation.diagnostics] }
    }
  }
  const missing = collector.plugins.flatMap((plugins) => missingPlugins(plugins, collector))
  const diagnostics = [...collector.diagnostics, ...compilation.diagnostics, ...missing]
  return diagnostics.some(isError) ? { diagnostics } : { compilation, diagnostics }
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error'
}

/**
 * The first alternative that is there decides; its version must fit. What a file needs that has
 * rules of other sources only is left to the Falco that runs them.
 */
function missingPlugins(
  { alternatives, place }: PluginRequirements,
  { sources }: Collector,
): Diagnostic[] {
  const there = alternatives.find(({ name }) => Object.hasOwn(pluginVersions, name))
  const wanted = alternatives.map(({ name, version }) => `${name} ${version}`).join(' or ')
  if (!there) {
    const inFile = sources.get(place.file)
    if (inFile && !inFile.has(AUDIT_SOURCE)) return []
    const message = `the rules need the plugin ${wanted}, which is not there`
    const known = Object.entries(pluginVersions).map((plugin) => plugin.join(' '))
    const help = `there are ${known.join(' and ')}`
    return [diagnose('LOAD_ERR_VALIDATE', 'error', message, place, help)]
  }
  const have = pluginVersions[there.name]!
  if (isCompatible(parseVersion(have)!, parseVersion(there.version)!)) return []
  const message = `the rules need the plugin ${there.name} ${there.version}, and this is ${have}`
  return [diagnose('LOAD_ERR_VALIDATE', 'error', message, place)]
}
