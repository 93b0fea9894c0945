/** OPA's own conformance suite, from the Go module that the embedded toolchain is built of. */
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseTerm } from '../../src/rego/term.ts'
import { RegoObject } from '../../src/rego/value.ts'
import type { Value } from '../../src/rego/value.ts'
import { opaBuiltins } from '../../src/toolchain/builtins.ts'

const MODULE = 'github.com/open-policy-agent/opa'
const toolchain = fileURLToPath(new URL('../../toolchain/', import.meta.url))

/** One case: Rego modules, a query, and what it must answer. */
export interface Case {
  readonly note: string
  /** The file below the suite's folder. */
  readonly file: string
  readonly query: string
  readonly modules: readonly string[]
  readonly data: Value | undefined
  /** A JSON value as input. */
  readonly input: Value | undefined
  /** A Rego term as input. */
  readonly inputTerm: string | undefined
  /** The set of bindings that the query must have. */
  readonly wantResult: readonly Value[] | undefined
  readonly wantErrorCode: string | undefined
  /** The error is one that only strict evaluation reports. */
  readonly isStrict: boolean
  /** Arrays in the result stand for sets. */
  readonly sortBindings: boolean
}

/** Every case of the suite, in the order of its files. */
export function readSuite(): readonly Case[] {
  const folder = join(moduleFolder(), 'v1', 'test', 'cases', 'testdata', 'v1')
  // Numbers must keep their digits, so OPA's own YAML reader reads the files.
  const unmarshal = opaBuiltins()('yaml.unmarshal')!
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .flatMap((file) => {
      const text = JSON.stringify(readFileSync(join(folder, file), 'utf8'))
      const document = parseTerm(unmarshal([text], { now: () => 0n })!)
      return (field(document, 'cases') as Value[]).map((item) => readCase(item, file))
    })
}

function moduleFolder(): string {
  const args = ['list', '-m', '-f', '{{.Dir}}', MODULE]
  const { stdout, stderr, error } = spawnSync('go', args, { cwd: toolchain, encoding: 'utf8' })
  const path = stdout?.trim()
  if (path) return path
  throw new Error(`the module ${MODULE} is not here: ${error?.message ?? stderr}`)
}

function readCase(item: Value, file: string): Case {
  return {
    note: field(item, 'note') as string,
    file,
    query: field(item, 'query') as string,
    modules: (field(item, 'modules') ?? []) as string[],
    data: field(item, 'data'),
    input: field(item, 'input'),
    inputTerm: field(item, 'input_term') as string | undefined,
    wantResult: field(item, 'want_result') as Value[] | undefined,
    wantErrorCode: field(item, 'want_error_code') as string | undefined,
    isStrict: field(item, 'strict_error') === true,
    sortBindings: field(item, 'sort_bindings') === true,
  }
}

function field(value: Value, name: string): Value | undefined {
  return value instanceof RegoObject ? value.get(name) : undefined
}
