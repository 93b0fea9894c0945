import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { openOutput } from '../../src/io/output.ts'

test('a slow reader slows the writer down, and gets everything in order', async () => {
  let received = ''
  let waiting = 0
  const stdout = new Writable({
    highWaterMark: 16,
    write(chunk: Buffer, _encoding, done) {
      received += chunk.toString()
      setTimeout(done, 1)
    },
  })
  const output = await openOutput({ stdout, cwd: '/' }, undefined)
  let wanted = ''
  for (let i = 0; i < 200; i++) {
    const line = `${i}\n`
    wanted += line
    await output.write(line)
    if (i % 7 === 0) await new Promise((resolve) => setImmediate(resolve))
    waiting = Math.max(waiting, stdout.listenerCount('drain'))
  }
  await output.close()
  stdout.end()
  await new Promise((resolve) => stdout.on('close', resolve))
  expect(received).toBe(wanted)
  expect(waiting).toBeLessThanOrEqual(1)
})
