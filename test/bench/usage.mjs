// Preloaded into what is measured: at its end the process says what it used, threads included.
import { existsSync, readFileSync, writeSync } from 'node:fs'

process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  writeSync(3, JSON.stringify({ cpu: (user + system) / 1e6, rss: peak() }))
})

/** Highest resident memory in bytes. What `resourceUsage` gives includes that of the parent. */
function peak() {
  const file = '/proc/self/status'
  if (!existsSync(file)) return process.resourceUsage().maxRSS * 1024
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(file, 'utf8'))[1]) * 1024
}
