// The command line and the threads of a scan in a few files: Node takes longer to load a hundred small
// ones than a short scan takes otherwise. `dist` holds the same code file by file, as tsc writes it,
// for those who import it.
import { defineConfig } from 'rolldown'

const files = (...names) => new RegExp(String.raw`/src/(?:${names.join('|')})\.ts$`)

export default defineConfig({
  input: { parapet: 'src/cli.ts', worker: 'src/io/worker.ts' },
  platform: 'node',
  // Packages stay packages; the compiler stands beside `dist`, and paths to it stay what they are.
  external: [/^[^./]/, /^\.\.\/\.\.\/toolchain\//],
  makeAbsoluteExternalsRelative: false,
  // Most modules of this size are imported both ways.
  checks: { ineffectiveDynamicImport: false },
  output: {
    // As deep as the folders of `src`: the same relative paths lead to what stands beside it.
    dir: 'dist/bin',
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
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
