'use strict'
// Loads built files with what V8 compiled of them when they were built, which takes a tenth off a short
// scan. Later versions of Node can do this themselves (`module.enableCompileCache`).

const { readFileSync } = require('node:fs')
const { createRequire, Module } = require('node:module')
const path = require('node:path')
const { Script } = require('node:vm')

const folder = path.join(__dirname, '../dist/bin')

/** Files that are worth it, each before those that require it. */
const chunks = ['engine.cjs', 'scan.cjs'].map((name) => path.join(folder, name))

/** Where the compiled code of a file is kept. */
const compiledOf = (file) => `${file}.v8`

/** Loads what the command line and threads have in common, then the file of this name. */
function load(name) {
  const needed = name === 'worker.cjs' ? chunks.slice(0, 1) : chunks
  for (const chunk of needed) if (!(chunk in require.cache)) loadChunk(chunk)
  return require(path.join(folder, name))
}

/** Loads one file; all others find it among the loaded ones. There is no `import()` in it. */
function loadChunk(file) {
  const script = new Script(Module.wrap(readFileSync(file, 'utf8')), {
    filename: file,
    // V8 takes it only where version and flags are those that it was made with.
    cachedData: readIfThere(compiledOf(file)),
  })
  const module = new Module(file)
  module.filename = file
  require.cache[file] = module
  script.runInThisContext()(module.exports, createRequire(file), module, file, path.dirname(file))
  module.loaded = true
  return script
}

function readIfThere(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

module.exports = { chunks, compiledOf, load, loadChunk }
