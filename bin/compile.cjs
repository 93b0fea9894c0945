'use strict'
// Part of the build: runs a short scan, and keeps what V8 compiled for it.

const { rmSync, writeFileSync } = require('node:fs')
const { devNull } = require('node:os')
const path = require('node:path')
const { chunks, compiledOf, load, loadChunk } = require('./load.cjs')

for (const chunk of chunks) rmSync(compiledOf(chunk), { force: true })
const scripts = chunks.map((chunk) => [chunk, loadChunk(chunk)])

const log = path.join(__dirname, 'sample.jsonl')
process.argv = [...process.argv.slice(0, 2), 'scan', log, '-q', '-o', devNull, '--fail-on', 'none']
process.on('exit', () => {
  for (const [chunk, script] of scripts) writeFileSync(compiledOf(chunk), script.createCachedData())
})
load('cli.cjs')
