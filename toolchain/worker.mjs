// A thread with one warm instance of the embedded OPA toolchain. Answers one message at a time, in
// order. After a crash the next message gets a fresh instance; prepared queries died with the old
// one, which `generation` lets the client see.
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { Instance } from './host.mjs'

const module = new WebAssembly.Module(readFileSync(workerData.wasm))
let instance
let generation = 0

parentPort.on('message', ({ id, header, parts }) => {
  try {
    if (!instance) {
      instance = new Instance(module)
      generation += 1
    }
    const answer = instance.call(header, parts)
    const { memoryBytes } = instance
    parentPort.postMessage(
      { id, answer, generation, memoryBytes },
      answer.map((part) => part.buffer),
    )
  } catch (error) {
    instance = undefined
    parentPort.postMessage({ id, crash: error.message, generation })
  }
})
