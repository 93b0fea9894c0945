// Runs a command to its end and says what it took.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { text } from 'node:stream/consumers'

const usage = new URL('usage.mjs', import.meta.url).href

/**
 * Runs Node with its output in a file.
 * @returns wall time and processor time of the process from its start to its end in seconds, and its
 *   highest memory in bytes
 */
export async function runNode(args, output, env = {}) {
  const out = openSync(output, 'w')
  const started = performance.now()
  const child = spawn(process.execPath, ['--import', usage, ...args], {
    stdio: ['ignore', out, 'inherit', 'pipe'],
    env: { ...process.env, ...env },
  })
  const [said, [code]] = await Promise.all([text(child.stdio[3]), once(child, 'close')])
  const seconds = (performance.now() - started) / 1000
  closeSync(out)
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`)
  return { seconds, ...JSON.parse(said) }
}

/** Runs a command that says itself, as JSON, what it did: `{events, seconds, cpu}`. */
export async function runPeer(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`)
  return JSON.parse(said)
}
