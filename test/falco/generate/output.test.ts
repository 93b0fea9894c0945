import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { messagesOf, residualsOf } from '../../../src/toolchain/residuals.ts'
import { Toolchain } from '../../../src/toolchain/toolchain.ts'
import { hasToolchain } from '../../toolchain/support.ts'
import { ruleOf } from './one-rule.ts'
import { sentenceOf } from './sentences.ts'

/** One rule of a violation. */
function says(message: string, body = 'input.stage == "x"'): string {
  return `violation contains {"id": "one", "message": ${message}} if {\n\t${body}\n}`
}

/** What it is about, the rules of a guardrail, and the sentence in Falco. */
const cases: readonly (readonly [about: string, rego: string, sentence: string])[] = [
  ['text alone', says('"something happened"'), 'something happened'],
  [
    'a percent sign, a line break and many blanks',
    says(String.raw`"50% of all\n and   %more"`),
    '50 percent of all and percentmore',
  ],
  [
    'fields, and values without one',
    says('$"{input.user.username} wrote {input.objectRef.apiGroup}"'),
    '%ka.user.name wrote %jevt.value[/objectRef/apiGroup]',
  ],
  [
    'text that would be read as a part of the field before it',
    says('$"{input.objectRef.name}space, {input.objectRef.name}.x [{input.verb}]"'),
    '%ka.target.name space, %ka.target.name .x [%ka.verb]',
  ],
  [
    'sprintf, with a percent sign of its own',
    says('sprintf("%s did %q: 100%%", [input.user.username, input.verb])'),
    '%ka.user.name did %ka.verb: 100 percent',
  ],
  [
    'concat, of texts and of a list',
    says('concat(" ", [input.verb, "by", concat(", ", input.user.groups)])'),
    '%ka.verb by %ka.user.groups',
  ],
  [
    'letters that are changed, and text that is trimmed',
    says('$"{upper(input.verb)} {trim_prefix(input.objectRef.name, "x-")}"'),
    '%toupper(ka.verb) %ka.target.name',
  ],
  [
    'an element that is looked for: the field that lists them',
    says('$"{group} is a group"', 'some group in input.user.groups\n\tstartswith(group, "x")'),
    '%ka.user.groups is a group',
  ],
  [
    'an element without such a field: the array',
    says('$"from {address}"', 'some address in input.sourceIPs'),
    'from %jevt.value[/sourceIPs]',
  ],
  [
    'the name of a subject of a known kind',
    says(
      '$"binds {subject.name}"',
      'some subject in input.requestObject.subjects\n\tsubject.kind == "Group"',
    ),
    'binds %ka.req.binding.subjects.group_names',
  ],
  [
    'what Falco cannot say, in a sentence, behind a colon and in parentheses',
    says('$"{count(input.user.groups)} groups ({count(input.user.groups)}): {input.a.b * 2}"'),
    '... groups',
  ],
  [
    'helpers, and helpers of helpers',
    says('$"{who} came"') + '\nwho := $"the user {name}"\nname := input.user.username',
    'the user %ka.user.name came',
  ],
  [
    'a choice that the condition settles',
    says('$"{what} it"', 'input.verb == "get"') +
      '\nwhat := "read" if input.verb == "get"\nwhat := "wrote" if input.verb == "create"',
    'read it',
  ],
  [
    'a choice that it leaves open: what shows something',
    says('$"pod{where}"') +
      '\nwhere := $" in {input.objectRef.namespace}" if input.objectRef.namespace\n\nelse := ""',
    'pod in %ka.target.namespace',
  ],
  [
    'a default where nothing is shown either way: the first',
    says('$"a {kind} request"') +
      '\ndefault kind := "plain"\nkind := "dry" if input.requestURI == "x"',
    'a dry request',
  ],
  [
    'a table of words: its key',
    says('$"was {{"Metadata": "short", "Request": "long"}[input.level]} today"', 'input.kind'),
    'was %jevt.value[/level] today',
  ],
  [
    'a table of words for verbs',
    says(
      '$"{{"get": "read", "create": "created"}[input.verb]} pods"',
      'input.verb in {"get", "create"}',
    ),
    'asked to %ka.verb pods',
  ],
  [
    'a table in sprintf, which Rego looks into first',
    says(
      'sprintf("%v %s pods", [input.user.username, word])',
      'input.verb in {"get", "create"}\n\tword := words[input.verb]',
    ) + '\nwords := {"get": "read", "create": "created"}',
    '%ka.user.name asked to %ka.verb pods',
  ],
  [
    'a table of infinitives behind words of their own',
    says(
      '$"tried to {{"get": "read", "create": "create"}[input.verb]} pods"',
      'input.verb in {"get", "create"}',
    ),
    'tried to %ka.verb pods',
  ],
  [
    'a table of phrases: the phrases',
    says(
      '$"{{"exec": "ran a command in", "attach": "attached a terminal to"}[input.objectRef.subresource]} it"',
    ),
    'attached a terminal to or ran a command in it',
  ],
  [
    'a list of texts that may come up',
    says('$"opens {concat(", ", sort(opened))}."') +
      '\nopened contains "the door" if input.verb == "get"\nopened contains "the roof" if input.level',
    'opens the door or roof.',
  ],
  [
    'several rules: what they share once',
    `${says('$"{input.verb} it and leaves"')}\n${says('$"{input.verb} it twice and leaves"', 'input.level')}`,
    '%ka.verb it twice and leaves',
  ],
  [
    'several rules that say different things',
    `${says('$"{input.verb} a and leaves"')}\n${says('$"{input.verb} b or c and leaves"', 'input.level')}`,
    '%ka.verb a or b or c and leaves',
  ],
  [
    'a namespace of what stands in none',
    says('$"node{where}"', 'input.objectRef.resource == "nodes"') +
      '\nwhere := $" in {input.objectRef.namespace}" if input.objectRef.namespace\n\nelse := ""',
    'node',
  ],
]

/** Guardrails of which nothing is known that could be said. */
const silent: readonly (readonly [about: string, rego: string])[] = [
  ['no message', 'violation contains {"id": "one"} if input.verb == "get"'],
  ['a message that is not made here', says('input.requestObject')],
  ['a violation that is not an object', 'violation contains "x" if input.verb == "get"'],
]

describe.skipIf(!hasToolchain)('the output of a generated rule', () => {
  let outputs: readonly string[]
  let toolchain: Toolchain
  beforeAll(async () => {
    toolchain = Toolchain.open()
    const all = [...cases, ...silent]
    const modules = all.map(([, rego], i) => {
      const file = `one${i}.rego`
      return { file, path: file, text: `package guardrails.one${i}\n\n${rego}\n` }
    })
    const asked = all.map((_, i) => ({ id: `one${i}`, entrypoint: `guardrails/one${i}/violation` }))
    const residuals = await residualsOf(toolchain, { modules }, asked)
    const messages = await messagesOf(toolchain, { modules }, asked)
    outputs = asked.map(({ id }, i) => {
      const { outcome } = ruleOf(residuals.get(id)!.residual, { messages: messages[i]! })
      return outcome.rule?.output ?? `${outcome.kind}: ${outcome.losses[0]?.reason}`
    })
  })
  afterAll(() => toolchain?.close())

  test.each(cases.map(([about, , sentence], i) => [about, sentence, i] as const))(
    '%s',
    (_about, sentence, i) => {
      expect(outputs[i]).toMatch(/^One: /)
      expect(sentenceOf(outputs[i]!, 'One')).toBe(sentence)
    },
  )

  test.each(silent.map(([about], i) => [about, cases.length + i] as const))(
    '%s: the title alone',
    (_about, i) => {
      expect(outputs[i]).toMatch(/^One \(/)
    },
  )
})
