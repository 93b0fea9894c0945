/** Fields of pods and services that are no container fields. */
import type { EventView } from '../event/view.ts'
import { inContainers, repository } from './containers.ts'
import type { Extractor } from './extract.ts'
import { allTexts, textsOf, valuesAt } from './values.ts'

function firstImage(view: EventView): string | undefined {
  const images = inContainers(view, 'containers', 0, 'image')
  return images && allTexts(images)?.[0]
}

/** Texts at a path in each volume that has it. */
function inVolumes(...path: readonly string[]): Extractor {
  return (view, { index }) => {
    const values = valuesAt(view.root, index, ['requestObject', 'spec', 'volumes', ...path])
    return values && textsOf(values)
  }
}

const hostPaths = inVolumes('hostPath', 'path')

export const pods: Readonly<Record<string, Extractor>> = {
  firstImage,
  firstRepository: (view) => {
    const image = firstImage(view)
    return image === undefined ? undefined : repository(image)
  },
  anyPrivileged: (view) => {
    const flags = inContainers(view, 'containers', undefined, 'securityContext', 'privileged')
    return flags && String(flags.some((flag) => flag?.kind === 'true'))
  },
  servicePorts: (view, { index }) => {
    const ports = valuesAt(view.root, index, ['requestObject', 'spec', 'ports'])
    return ports && textsOf(ports)
  },
  hostPaths,
  flexDrivers: inVolumes('flexVolume', 'driver'),
  volumeTypes: (view, { index }) =>
    valuesAt(view.root, index, ['requestObject', 'spec', 'volumes', ''])?.flatMap(
      (volume) => volume?.keys().filter((key) => key !== 'name') ?? [],
    ),
  usesHostPath: (view, field) => {
    const paths = hostPaths(view, field)
    if (!Array.isArray(paths)) return undefined
    const wanted = field.key!
    const prefix = wanted.endsWith('*') ? wanted.slice(0, -1) : undefined
    return String(
      (paths as string[]).some(
        (path) => path === wanted || (prefix !== undefined && path.startsWith(prefix)),
      ),
    )
  },
}
