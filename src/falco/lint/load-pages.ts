import type { LoadErrorCode, LoadWarningCode } from '../rules/diagnose.ts'
import type { CodePage, ForeignCode } from './code-pages.ts'
import { exampleRule } from './example.ts'

const STAGE = 'ka.stage = ResponseComplete'

/** Falco's own codes, as Falco gives them. */
export const loadPages: Readonly<
  Record<Exclude<LoadErrorCode | LoadWarningCode, ForeignCode>, CodePage>
> = {
  LOAD_ERR_FILE_READ: {
    severity: 'error',
    title: 'a rules file that cannot be read',
    about: 'The file is not there, is no file, or is no UTF-8 text.',
    fix: 'Give an existing YAML file, or a folder of them.',
  },
  LOAD_ERR_YAML_PARSE: {
    severity: 'error',
    title: 'a rules file that is no YAML',
    about:
      'Mostly a blank too many or too few, or a colon and a blank inside a condition without quotes. Texts that aliases blow up are refused by this code too.',
    fix: 'Write conditions and outputs behind `>`, where nothing needs quotes.',
    bad: '- rule: example\n  desc: [an example\n',
    good: exampleRule(STAGE),
  },
  LOAD_ERR_YAML_VALIDATE: {
    severity: 'error',
    title: 'YAML that is no rules file',
    about: 'A key is missing, is empty, or has a value of another kind than it must have.',
    fix: 'A rule needs `rule`, `desc`, `condition`, `output` and `priority`; a macro `condition`; a list `items`.',
    bad: '- list: users\n  items: ann\n',
    good: `- list: users\n  items: [ann]\n${exampleRule(`${STAGE} and ka.user.name in (users)`)}`,
  },
  LOAD_ERR_COMPILE_CONDITION: {
    severity: 'error',
    title: 'a condition that Falco cannot compile',
    about:
      'The condition breaks the grammar, or compares what cannot be compared: an unknown field, an operator that the field does not have, a number with quotes, a value over 255 bytes, a regular expression outside POSIX. The message says what was expected and where.',
    fix: 'Follow the help; `parapet falco fields` names the fields.',
    bad: exampleRule(`${STAGE} and ka.target.ressource = pods`),
    good: exampleRule(`${STAGE} and ka.target.resource = pods`),
  },
  LOAD_ERR_COMPILE_OUTPUT: {
    severity: 'error',
    title: 'an output that Falco cannot compile',
    about: 'A `%` in an output begins a field. There is no way to write a percent sign.',
    fix: 'Write the name of a field behind each `%`, and the word “percent” where that is meant.',
    bad: exampleRule(STAGE).replace('%ka.verb', '100%'),
    good: exampleRule(STAGE),
  },
  LOAD_ERR_VALIDATE: {
    severity: 'error',
    title: 'definitions that contradict each other',
    about:
      'An undefined macro, a change of a rule that is not there, exceptions whose fields, comps and values do not fit together, a version that is too new, or a plugin that is not there.',
    fix: 'Follow the help. A macro must be defined in this file or an earlier one, and before the macros that use it.',
    bad: exampleRule(`${STAGE} and write`),
    good: `- macro: write\n  condition: ka.verb in (create, update)\n${exampleRule(`${STAGE} and write`)}`,
  },
  LOAD_UNKNOWN_SOURCE: {
    severity: 'warning',
    title: 'a rule of a source that nobody provides',
    about:
      'Falco skips the rule silently but for this warning, unless a plugin provides the source.',
    fix: 'Write `source: k8s_audit`, or load the plugin.',
    bad: exampleRule(STAGE).replace('k8s_audit', 'k8saudit'),
    good: exampleRule(STAGE),
  },
  LOAD_UNSAFE_NA_CHECK: {
    severity: 'warning',
    title: 'a comparison with `<NA>`',
    about:
      '`<NA>` is what outputs show of a missing field. It is no value, and every comparison with a missing field is false.',
    fix: 'Write `field exists`, or `not field exists`.',
    bad: exampleRule(`${STAGE} and ka.target.name = "<NA>"`),
    good: exampleRule(`${STAGE} and not ka.target.name exists`),
  },
  LOAD_UNKNOWN_FILTER: {
    severity: 'warning',
    title: 'a rule that is dropped because of an unknown field',
    about: 'The rule says `skip-if-unknown-filter`, so Falco goes on without it.',
    fix: 'Correct the field, or remove the rule.',
    bad: exampleRule(
      `${STAGE} and ka.nothing exists`,
      'example',
      '  skip-if-unknown-filter: true\n',
    ),
    good: exampleRule(STAGE),
  },
  LOAD_UNUSED_MACRO: {
    severity: 'warning',
    title: 'a macro that nothing uses',
    about: 'Its fields are not even checked.',
    fix: 'Remove it, or correct the name where it was meant to be used.',
    bad: `- macro: write\n  condition: ka.verb in (create, update)\n${exampleRule(STAGE)}`,
    good: `- macro: write\n  condition: ka.verb in (create, update)\n${exampleRule(`${STAGE} and write`)}`,
  },
  LOAD_UNUSED_LIST: {
    severity: 'warning',
    title: 'a list that nothing uses',
    about: 'Neither a condition nor another list holds its name.',
    fix: 'Remove it, or correct the name where it was meant to be used.',
    bad: `- list: users\n  items: [ann]\n${exampleRule(STAGE)}`,
    good: `- list: users\n  items: [ann]\n${exampleRule(`${STAGE} and ka.user.name in (users)`)}`,
  },
  LOAD_UNKNOWN_ITEM: {
    severity: 'warning',
    title: 'an item that is no rule, macro or list',
    about: 'Falco ignores the item, mostly because its first key is mistyped.',
    fix: 'Begin items with `- rule:`, `- macro:`, `- list:`, `- required_engine_version:` or `- required_plugin_versions:`.',
    bad: `- lists: users\n  items: [ann]\n${exampleRule(STAGE)}`,
    good: exampleRule(STAGE),
  },
  LOAD_UNKNOWN_KEY: {
    severity: 'warning',
    title: 'a key that Falco ignores',
    about: 'The key is mistyped, or belongs to another kind of item.',
    fix: 'Correct or remove it; the help names the known keys.',
    bad: exampleRule(STAGE, 'example', '  tag: [k8s]\n'),
    good: exampleRule(STAGE, 'example', '  tags: [k8s]\n'),
  },
  LOAD_DEPRECATED_ITEM: {
    severity: 'warning',
    title: 'a deprecated way to change a definition',
    about: '`append: true`, and rules with nothing but `enabled`, are older than `override`.',
    fix: 'Write the changed keys under `override`, with `append` or `replace`.',
    bad: `${exampleRule(STAGE)}- rule: example\n  condition: and ka.verb = get\n  append: true\n`,
    good: `${exampleRule(STAGE)}- rule: example\n  condition: and ka.verb = get\n  override: {condition: append}\n`,
  },
  LOAD_APPEND_NO_VALUES: {
    severity: 'warning',
    title: 'an exception that is extended by nothing',
    about: 'The item appends to an exception, but has no `values`.',
    fix: 'Add values, or remove the item.',
    bad: `${exampleRule(STAGE, 'example', '  exceptions:\n    - {name: users, fields: ka.user.name, values: [ann]}\n')}- rule: example
  exceptions:
    - name: users
  override: {exceptions: append}
`,
    good: `${exampleRule(STAGE, 'example', '  exceptions:\n    - {name: users, fields: ka.user.name, values: [ann]}\n')}- rule: example
  exceptions:
    - {name: users, values: [bob]}
  override: {exceptions: append}
`,
  },
  LOAD_EXCEPTION_NAME_NOT_UNIQUE: {
    severity: 'warning',
    title: 'two exceptions of one name',
    about: 'Both apply, but what is appended later goes to the first only.',
    fix: 'Rename one, or merge their values.',
    bad: exampleRule(
      STAGE,
      'example',
      '  exceptions:\n    - {name: users, fields: ka.user.name, values: [ann]}\n    - {name: users, fields: ka.user.name, values: [bob]}\n',
    ),
    good: exampleRule(
      STAGE,
      'example',
      '  exceptions:\n    - {name: users, fields: ka.user.name, values: [ann, bob]}\n',
    ),
  },
  LOAD_INVALID_MACRO_NAME: {
    severity: 'warning',
    title: 'a macro whose name conditions cannot hold',
    about: 'Names are letters, digits and `_`, with a letter in front.',
    fix: 'Rename the macro.',
    bad: `- macro: is-write\n  condition: ka.verb = create\n${exampleRule(STAGE)}`,
    good: `- macro: is_write\n  condition: ka.verb = create\n${exampleRule(`${STAGE} and is_write`)}`,
  },
  LOAD_INVALID_LIST_NAME: {
    severity: 'warning',
    title: 'a list whose name conditions cannot hold',
    about: 'Blanks, quotes, commas, parentheses and `=` end a name.',
    fix: 'Rename the list.',
    bad: `- list: my users\n  items: [ann]\n${exampleRule(STAGE)}`,
    good: `- list: my_users\n  items: [ann]\n${exampleRule(`${STAGE} and ka.user.name in (my_users)`)}`,
  },
  LOAD_COMPILE_CONDITION: {
    severity: 'warning',
    title: 'a condition that Falco compiles with a doubt',
    about:
      'A value that is the name of a field, or a transformer in quotes: it stands for that very text. Or a regular expression that is a plain text but for its ends, which costs more than it must.',
    fix: 'Write `val(field)` to compare with a field; use `=`, `contains`, `startswith` or `endswith` instead of such a pattern.',
    bad: exampleRule(`${STAGE} and ka.user.name = ka.impuser.name`),
    good: exampleRule(`${STAGE} and ka.user.name = val(ka.impuser.name)`),
  },
}
