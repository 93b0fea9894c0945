import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ValidateFunction } from 'ajv'
import AjvDraft04 from 'ajv-draft-04'
import { goModule } from './go-module.ts'

/** Validates a SARIF document by the published schema; undefined, with a printed reason, without Go. */
export function sarifValidator(): ValidateFunction | undefined {
  const folder = goModule('github.com/owenrumney/go-sarif/v3@v3.2.3')
  if (!folder) {
    process.stdout.write('SARIF is not validated: its schema needs Go to be fetched\n')
    return undefined
  }
  const source = readFileSync(path.join(folder, 'pkg/report/v210/sarif/schema.go'), 'utf8')
  const schema = JSON.parse(/const schema = `([^`]*)`/.exec(source)![1]!) as object
  const Ajv = AjvDraft04 as unknown as typeof AjvDraft04.default
  return new Ajv({ strict: false, validateFormats: false }).compile(schema)
}
