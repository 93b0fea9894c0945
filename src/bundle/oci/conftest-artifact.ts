import type { Bundle } from '../bundle.ts'
import { readSources } from '../sources.ts'
import { kindOf } from '../names.ts'
import { type Artifact, artifact, blob, TITLE } from './artifact.ts'

const CONFIG = 'application/vnd.unknown.config.v1+json'
const POLICY = 'application/vnd.cncf.openpolicyagent.policy.layer.v1+rego'
const DATA = 'application/vnd.cncf.openpolicyagent.data.layer.v1+json'

/**
 * A bundle as `conftest pull` takes it: each Rego and data file a layer of its own, named by its
 * path. OPA cannot read such an artifact. Conftest evaluates Rego, so the sources go in whole.
 */
export function conftestArtifact(bundle: Bundle): Artifact {
  const sources =
    readSources(bundle)?.modules ??
    new Map(bundle.modules.map(({ path, text }) => [path.replace(/^\//, ''), text]))
  const policies = [...sources].map(([path, text]) =>
    blob(POLICY, Buffer.from(text), { [TITLE]: path }),
  )
  const data = [...bundle.files]
    .filter(([name]) => kindOf(name) === 'data')
    .map(([name, bytes]) => blob(DATA, bytes, { [TITLE]: name }))
  return artifact({ config: blob(CONFIG, Buffer.from('{}')), layers: [...policies, ...data] })
}
