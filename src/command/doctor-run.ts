import { access, constants, mkdir } from 'node:fs/promises'
import { exit, type ExitCode } from '../exit.ts'
import { readGuardrailMetadata } from '../io/policy/guardrails.ts'
import { countText } from '../report/words.ts'
import { cacheFolder } from '../toolchain/cache-folder.ts'
import { Toolchain } from '../toolchain/toolchain.ts'
import { version } from '../version.ts'
import { type Io, paintFor, write } from './io.ts'

/** Oldest Node that Parapet runs on. */
const NODE_MIN = [20, 19] as const

interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly text: string
}

/** Carries out `parapet doctor`. */
export async function runDoctor(format: string, io: Io): Promise<ExitCode> {
  const found: Finding[] = [
    { name: 'parapet', ok: true, text: version },
    node(),
    await probe('guardrails', async () => {
      const guardrails = await readGuardrailMetadata('builtin', io.cwd)
      return `${countText(guardrails.length, 'built-in guardrail')}, no compiler needed`
    }),
    await probe('compiler', compiler),
    await probe('cache', cache),
  ]
  if (format === 'json') await write(io.stdout, `${JSON.stringify(found, undefined, 2)}\n`)
  else {
    const paint = paintFor(io, io.stdout)
    for (const { name, ok, text } of found) {
      const mark = ok ? paint('notice', 'ok ') : paint('alarm', 'BAD')
      await write(io.stdout, `${mark}  ${name.padEnd(10)}  ${text}\n`)
    }
  }
  return found.every(({ ok }) => ok) ? exit.ok : exit.bad
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const ok = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])
  const wanted = ok ? '' : `; Parapet needs ${NODE_MIN.join('.')} or later`
  return { name: 'node', ok, text: `${process.versions.node}${wanted}` }
}

async function compiler(): Promise<string> {
  const toolchain = Toolchain.open()
  try {
    const { opa, go } = await toolchain.version()
    return `OPA ${opa}, embedded, built with ${go}`
  } finally {
    await toolchain.close()
  }
}

async function cache(): Promise<string> {
  const folder = cacheFolder()
  await mkdir(folder, { recursive: true })
  await access(folder, constants.W_OK)
  return folder
}

async function probe(name: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, text: await look() }
  } catch (error) {
    const { message, help } = error as Error & { help?: string }
    return { name, ok: false, text: help ? `${message}; ${help}` : message }
  }
}
