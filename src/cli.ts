#!/usr/bin/env node
import process from 'node:process'
import { main } from './main.ts'

/** How long an interrupted run may take to leave in order, in milliseconds. */
const GRACE_MS = 2_000

const controller = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    controller.abort()
    setTimeout(() => process.exit(130), GRACE_MS).unref()
  })
}

// A reader that has seen enough (`parapet scan … | head`) ends the run quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
  throw error
})

void main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: controller.signal,
}).then((code) => (process.exitCode = code))
