// The command line and the threads of a scan in a few files: Node takes longer to load a hundred small
// ones than a short scan takes otherwise. `dist` holds the same code file by file, as tsc writes it,
// for those who import it.
import { readFileSync } from 'node:fs'
import { defineConfig } from 'rolldown'

/** Packages that every scan needs. All others stay packages. */
const included = ['commander', 'picomatch', 're2js']

const files = (...names) => new RegExp(String.raw`/src/(?:${names.join('|')})\.ts$`)

/** Writes the licences of what is included beside it. */
const licences = {
  name: 'licences',
  generateBundle() {
    const texts = included.map(
      (name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n`,
    )
    this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: texts.join('\n---\n\n') })
  },
}

export default defineConfig({
  input: { parapet: 'src/cli.ts', worker: 'src/io/worker.ts' },
  platform: 'node',
  // The compiler stands beside `dist`, and paths to it stay what they are.
  external: (id) =>
    (/^[^./]/.test(id) && !included.includes(id)) || /^\.\.\/\.\.\/toolchain\/\w+\.mjs$/.test(id),
  makeAbsoluteExternalsRelative: false,
  // Most modules of this size are imported both ways.
  checks: { ineffectiveDynamicImport: false },
  plugins: [licences],
  output: {
    // As deep as the folders of `src`: the same relative paths lead to what stands beside it.
    dir: 'dist/bin',
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    // A third of the text, which V8 would have to go through at every start.
    comments: false,
    sourcemap: true,
    sourcemapExcludeSources: true,
    codeSplitting: {
      groups: [
        { name: 'engine', test: files('io/wanted', 'io/piece-scan'), priority: 1 },
        {
          name: 'scan',
          test: files('main', 'command/scan', 'command/scan-run', 'report/pretty'),
        },
      ],
    },
  },
})
