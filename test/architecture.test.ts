import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

/** Folders of src by layer; a file may import from its own folder and from lower layers. */
const layers: readonly (readonly string[])[] = [
  ['text'],
  ['audit', 'residual'],
  ['rego', 'falco', 'bundle'],
  ['engine'],
  ['testing', 'report'],
  ['toolchain', 'server', 'sink'],
  ['io'],
  ['command'],
]
const layerOf = new Map(layers.flatMap((names, layer) => names.map((name) => [name, layer])))
/** Left of the toolchain nothing touches files, clocks, processes or the network. */
const pure = new Set(layers.slice(0, 5).flat())
const allowedNode = new Set([
  'node:crypto',
  'node:buffer',
  'node:zlib',
  'node:util',
  'node:net',
  'node:path',
])

interface Import {
  readonly file: string
  readonly specifier: string
  readonly typeOnly: boolean
}

const root = path.resolve(import.meta.dirname, '../src')
const imports: Import[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => importsOf(file.replaceAll('\\', '/')))

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
  const statement =
    /\b(?:import|export)\s+(type\s)?[^'"()]*?\bfrom\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|\bimport\s+'([^']+)'/g
  return [...text.matchAll(statement)].map((match) => ({
    file,
    specifier: (match[2] ?? match[3] ?? match[4])!,
    typeOnly: match[1] !== undefined,
  }))
}

const folderOf = (file: string): string => (file.includes('/') ? file.split('/')[0]! : '')

describe('structure of src', () => {
  test('folders import only what stands to their left', () => {
    const wrong = imports.flatMap(({ file, specifier }) => {
      const from = folderOf(file)
      if (!specifier.startsWith('.') || from === '') return []
      const target = path.posix.join(path.posix.dirname(file), specifier)
      // The compiled module's own host stands beside it, outside src.
      if (from === 'toolchain' && target.startsWith('../toolchain/')) return []
      const to = folderOf(target)
      if (to === from || (to === '' && /(?:exit|version)\.ts$/.test(specifier))) return []
      const [low, high] = [layerOf.get(to), layerOf.get(from)]
      return low !== undefined && high !== undefined && low < high ? [] : [`${file} → ${specifier}`]
    })
    expect(wrong).toEqual([])
  })

  test('every folder has a layer', () => {
    const unknown = imports
      .map(({ file }) => folderOf(file))
      .filter((name) => name !== '' && !layerOf.has(name))
    expect([...new Set(unknown)]).toEqual([])
  })

  test('the core touches nothing of the machine', () => {
    const wrong = imports.filter(
      ({ file, specifier }) =>
        pure.has(folderOf(file)) && specifier.startsWith('node:') && !allowedNode.has(specifier),
    )
    expect(wrong.map(({ file, specifier }) => `${file} → ${specifier}`)).toEqual([])
    const clocks = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && pure.has(folderOf(file.replaceAll('\\', '/'))))
      .filter((file) =>
        /\bDate\.now\(|\bnew Date\(\)|\bprocess\.(?:env|cwd|std)|\bperformance\.now\(/.test(
          readFileSync(path.join(root, file), 'utf8'),
        ),
      )
    expect(clocks).toEqual([])
  })

  test('each package has one importing file', () => {
    const importers = new Map<string, Set<string>>()
    for (const { file, specifier, typeOnly } of imports) {
      if (specifier.startsWith('.') || specifier.startsWith('node:') || typeOnly) continue
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
      if (name === 'commander') continue
      importers.set(name, (importers.get(name) ?? new Set()).add(file))
    }
    const shared = [...importers].filter(([, files]) => files.size > 1)
    expect(shared.map(([name, files]) => `${name}: ${[...files].join(', ')}`)).toEqual([])
  })
})
