const cjs = process.env.FMT === 'cjs'
const ext = process.env.EXT === '1' ? [/^[^./]/] : ['piscina']
export default {
  input: { parapet: 'src/cli.ts' },
  platform: 'node',
  external: [/\/toolchain\/.*\.mjs$/, ...ext],
  output: {
    dir: 'dist/run',
    format: cjs ? 'cjs' : 'esm',
    sourcemap: true,
    minify: process.env.MIN === '1' ? true : false,
    chunkFileNames: '[name]-[hash].js',
    entryFileNames: '[name].js',
    codeSplitting: {
      groups: [
        {
          name: 'scan',
          test: /src\/(cli|command\/scan|command\/scan-run|io\/scan|bundle\/own|report\/pretty)\.ts$/,
          includeDependenciesRecursively: true,
        },
      ],
    },
  },
}
