// The command line and the threads of a scan in a few files: Node takes longer to load two hundred
// small ones than a short scan takes otherwise. `dist` holds the same code file by file, as tsc writes it,
// for those who import it.
import { readdirSync, readFileSync } from 'node:fs'
import { defineConfig } from 'rolldown'

/** Packages that every scan needs, and those that CommonJS cannot load. All others stay packages. */
const included = [
  '@bjorn3/browser_wasi_shim',
  '@bomb.sh/tab',
  'commander',
  'jose',
  'modern-tar',
  'picomatch',
  're2js',
]
const isIncluded = (id) => included.some((name) => id === name || id.startsWith(`${name}/`))

/** Chunks that are compiled when they are built (bin/compile.cjs). */
const compiled = new Set(['engine', 'scan'])

const files = (...names) => new RegExp(String.raw`/src/(?:${names.join('|')})\.ts$`)

/** Writes the licences of what is included beside it. */
const licences = {
  name: 'licences',
  generateBundle() {
    const source = included.map(licenceOf).join('\n---\n\n')
    this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source })
  },
}

function licenceOf(name) {
  const folder = `node_modules/${name}`
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one))
  const text = file === undefined ? '' : `\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`
  return `${name} ${version} (${license})\n${text}`
}

export default defineConfig({
  input: { cli: 'src/cli.ts', worker: 'src/io/scan/worker.ts' },
  platform: 'node',
  external: (id) => /^[^./]/.test(id) && !isIncluded(id),
  // Most modules of this size are imported both ways.
  checks: { ineffectiveDynamicImport: false },
  plugins: [licences],
  output: {
    // As deep as the folders of `src`: the same relative paths lead to what stands beside it.
    dir: 'dist/bin',
    cleanDir: true,
    // V8 keeps what it has compiled of scripts; of modules it does so in later versions of Node.
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: ({ name }) => (compiled.has(name) ? '[name].cjs' : '[name]-[hash].cjs'),
    // A third of the text, which V8 would have to go through at every start.
    comments: false,
    sourcemap: true,
    sourcemapExcludeSources: true,
    codeSplitting: {
      groups: [
        { name: 'engine', test: files('io/scan/wanted', 'io/scan/piece-scan'), priority: 1 },
        {
          name: 'scan',
          test: files('main', 'command/scan', 'command/scan-run', 'bundle/own', 'report/pretty'),
        },
      ],
    },
  },
})
