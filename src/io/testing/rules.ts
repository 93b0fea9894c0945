import type { Case } from '../../testing/case.ts'
import type { RulesSubject } from '../../testing/engine.ts'
import { FalcoEngine } from '../../testing/falco-engine.ts'
import { runCases } from '../../testing/run.ts'
import { ParapetError } from '../../text/error.ts'
import { nearest } from '../../text/nearest.ts'
import type { TestedCase } from './answers.ts'
import type { CaseFile } from './case-files.ts'
import { compileRulesFiles } from '../policy/falco.ts'
import { type CaseChooser, readyCases } from './ready-cases.ts'

/** Runs the cases of a Falco rules file. */
export async function testRulesFile(
  file: CaseFile,
  rules: string,
  cwd: string,
  isChosen: CaseChooser,
): Promise<TestedCase[]> {
  const engine = new FalcoEngine(await compileRulesFiles([rules], cwd))
  const subjectOf = (one: Case): RulesSubject => ({
    kind: 'rules',
    rules: rulesOf(one, engine.rules),
  })
  const ready = await readyCases([{ file, id: rules, subjectOf }], cwd, isChosen)
  const results = await runCases(ready, engine)
  return results.map((result) => ({ result, reads: engine.reads(result.subject) }))
}

function rulesOf({ rule, file, line }: Case, all: ReadonlySet<string>): ReadonlySet<string> {
  if (rule === undefined) return all
  if (all.has(rule)) return new Set([rule])
  const meant = nearest(rule, all)
  throw new ParapetError('RULE_UNKNOWN', `there is no rule \`${rule}\``, {
    file,
    line,
    help: meant ? `did you mean \`${meant}\`?` : 'name a rule as its file does',
  })
}
