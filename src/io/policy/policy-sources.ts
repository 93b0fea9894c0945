import { stat } from 'node:fs/promises'
import path from 'node:path'
import { readSources } from '../../bundle/sources.ts'
import type { TrustPolicy } from '../../bundle/trust.ts'
import { ParapetError } from '../../text/error.ts'
import type { PolicySources } from '../../toolchain/sources.ts'
import { openBundleFile } from './bundle-file.ts'
import { readPolicyFolder } from './policy-folder.ts'

/**
 * The Rego of a policy: a folder or .rego file, or the sources that a bundle carries.
 * @param trust whose bundles are accepted; nothing but a bundle that they signed will then do
 * @throws ParapetError
 */
export async function readPolicySources(
  source: string,
  cwd: string,
  trust: TrustPolicy | undefined,
): Promise<PolicySources> {
  const file = path.resolve(cwd, source)
  const isFile = await stat(file).then(
    (found) => found.isFile() && !source.endsWith('.rego'),
    () => false,
  )
  if (isFile) return bundleSources(source, cwd, trust)
  if (trust) {
    throw new ParapetError('SIGNATURE_MISSING', `\`${source}\` is no signed bundle`, {
      file: source,
      help: 'name a bundle that was signed, or leave --verify-key and --trust out',
    })
  }
  return (await readPolicyFolder(file, { shown: source })).policy
}

async function bundleSources(
  file: string,
  cwd: string,
  trust: TrustPolicy | undefined,
): Promise<PolicySources> {
  const { bundle } = await openBundleFile(file, cwd, trust)
  const carried = readSources(bundle)?.modules
  const modules = carried
    ? [...carried].map(([name, text]) => ({ file: `${file}/${name}`, path: name, text }))
    : bundle.modules.map(({ path: name, text }) => ({ file: `${file}${name}`, path: name, text }))
  return { modules, data: bundle.data }
}
