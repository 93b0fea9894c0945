// A thread with one warm instance of the embedded OPA toolchain. Answers one message at a time, in
// order. After a crash the next message gets a fresh instance; what was prepared in the old one is gone.
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { Instance } from './host.mjs'

let module
let instance

parentPort.on('message', ({ header, parts }) => {
  try {
    module ??= new WebAssembly.Module(readFileSync(workerData.wasm))
  } catch (error) {
    parentPort.postMessage({ broken: error.message })
    return
  }
  try {
    instance ??= new Instance(module)
    const answer = instance.call(header, parts)
    const { memoryBytes } = instance
    parentPort.postMessage(
      { answer, memoryBytes },
      answer.map((part) => part.buffer),
    )
  } catch (error) {
    instance = undefined
    parentPort.postMessage({ crash: error.message })
  }
})
