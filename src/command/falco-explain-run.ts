import { type Redactor, redactorOf } from '../audit/redact.ts'
import { exit, type ExitCode } from '../exit.ts'
import {
  type CompiledRule,
  type ExplainedEvent,
  type ExplainedPart,
  type ExplainedRule,
  explainRule,
  loadRules,
  RuleExplainer,
} from '../falco/index.ts'
import { visitEvents } from '../io/input/falco-events.ts'
import { readRulesFiles } from '../io/policy/falco.ts'
import { eventText, ruleText } from '../report/falco-text.ts'
import { locate } from '../text/diagnostic.ts'
import { type Document, LineIndex } from '../text/document.ts'
import { ParapetError } from '../text/error.ts'
import { nearest } from '../text/nearest.ts'
import { reportFailure } from './failure.ts'
import type { FalcoExplainFlags } from './falco.ts'
import { type Io, paintFor, write } from './io.ts'

/** Carries out `parapet falco explain`. */
export async function runFalcoExplain(
  name: string,
  files: readonly string[],
  { events, format }: FalcoExplainFlags,
  io: Io,
): Promise<ExitCode> {
  try {
    const documents = await readRulesFiles(files, io.cwd)
    const { compilation, diagnostics } = loadRules(documents)
    ParapetError.throwFirst(diagnostics.map((each) => locate(each, documents)))
    const rule = choose(compilation!.rules, name)
    const place = placeOf(rule, documents)
    const explained = explainRule(rule)
    const judged = events === undefined ? [] : await judge(rule, events, io)
    await write(
      io.stdout,
      format === 'json'
        ? `${JSON.stringify({ ...explained, place, events: judged }, undefined, 2)}\n`
        : render(explained, place, judged, io),
    )
    return exit.ok
  } catch (error) {
    return reportFailure(io, error, format === 'json')
  }
}

interface JudgedEvent extends ExplainedEvent {
  readonly file: string
  readonly line: number
}

interface Place {
  readonly file: string
  readonly line: number
}

function choose(rules: readonly CompiledRule[], name: string): CompiledRule {
  const found = rules.find(({ definition }) => definition.name === name)
  if (found) return found
  const meant = nearest(
    name.slice(0, 200),
    rules.map(({ definition }) => definition.name),
  )
  throw new ParapetError('RULE_UNKNOWN', `there is no rule \`${name}\``, {
    help: meant ? `did you mean \`${meant}\`?` : 'name a rule as its file does',
  })
}

async function judge(rule: CompiledRule, events: string, io: Io): Promise<JudgedEvent[]> {
  if (!rule.program) {
    const { name, source } = rule.definition
    throw new ParapetError(
      'RULE_NOT_EVALUATED',
      `the rule \`${name}\` is for the source ${source}, not for audit events`,
      { help: 'leave `--events` out' },
    )
  }
  const explainer = new RuleExplainer(rule)
  const judged: JudgedEvent[] = []
  await visitEvents(events, { cwd: io.cwd, stdin: io.stdin }, ({ file, line, bytes }) => {
    const explained = explainer.explain(bytes)
    const condition = explained.condition && redacted(explained.condition, redactorOf(bytes))
    judged.push({ file, line, ...explained, ...(condition ? { condition } : {}) })
  })
  return judged
}

/** The values that comparisons met, without what the event holds in confidence. */
function redacted(part: ExplainedPart, redactor: Redactor): ExplainedPart {
  return {
    ...part,
    values: part.values.map(({ field, value }) => ({ field, value: redactor.value(value) })),
    parts: part.parts.map((each) => redacted(each, redactor)),
  }
}

function placeOf({ definition }: CompiledRule, documents: readonly Document[]): Place {
  const { file, span } = definition.place
  const document = documents.find((each) => each.file === file)!
  return { file, line: new LineIndex(document.text).at(span.start).line }
}

function render(
  rule: ExplainedRule,
  { file, line }: Place,
  events: readonly JudgedEvent[],
  io: Io,
): string {
  const paint = paintFor(io, io.stdout)
  const judged = events.map(
    (event) => `\n${paint('dim', `${event.file}:${event.line}`)}  ${eventText(event, paint)}`,
  )
  return ruleText(rule, `${file}:${line}`, paint) + judged.join('')
}
