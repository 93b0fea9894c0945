import type { CodePage } from './code-pages.ts'
import type { LintCode } from './codes.ts'
import { exampleRule } from './example.ts'

const COMPLETE = 'ka.stage = ResponseComplete and'

/** In the order of the table of contents. */
export const lintPages: Readonly<Record<LintCode, CodePage>> = {
  FALCO_NEVER_TRUE: {
    severity: 'error',
    title: 'a rule that can never match',
    about:
      'Some parts of the condition exclude each other, so no event makes it true. Falco loads the rule and never fires it, and nothing says so. The message names the one part, or the first two, that cannot hold. Fields are followed through macros, lists and exceptions.',
    fix: 'Join alternatives by `or`, or by `in (a, b)`, and remove what cannot hold. A rule that is switched off by `enabled: false` is not looked at.',
    bad: exampleRule(`${COMPLETE} ka.verb = create and ka.verb = delete`),
    good: exampleRule(`${COMPLETE} ka.verb in (create, delete)`),
  },
  FALCO_DEAD_PART: {
    severity: 'warning',
    title: 'an alternative, or a negated part, that is never true',
    about:
      'What stands between two `or`, or behind `not`, excludes itself. The rule works without it, so whatever that part was written for is not done.',
    fix: 'Remove the part, or correct it.',
    bad: exampleRule(
      `${COMPLETE} (ka.verb = get or (ka.target.resource = pods and ka.target.resource = secrets))`,
    ),
    good: exampleRule(`${COMPLETE} (ka.verb = get or ka.target.resource in (pods, secrets))`),
  },
  FALCO_ALWAYS_TRUE: {
    severity: 'warning',
    title: 'alternatives that are true for every value',
    about:
      'A value is always different from at least one of two others, so `x != a or x != b` excludes nothing. It is only false where the field is missing.',
    fix: 'Join the parts by `and`, or write `not x in (a, b)`.',
    bad: exampleRule(`${COMPLETE} (ka.verb != get or ka.verb != list)`),
    good: exampleRule(`${COMPLETE} not ka.verb in (get, list)`),
  },
  FALCO_IMPOSSIBLE_VALUE: {
    severity: 'warning',
    title: 'a comparison with a value that the field never has',
    about:
      'Verbs are in lower case, resources are plural and without their subresource, `add_capabilities` is JSON text, and so on. A comparison with anything else is never equal. Comparisons are exact: `Create` is not `create`.',
    fix: 'Use the value that the help names. `parapet scan --format jsonl` on a log of yours shows what fields hold.',
    bad: exampleRule(`${COMPLETE} ka.target.resource = pods/exec`),
    good: exampleRule(`${COMPLETE} ka.target.resource = pods and ka.target.subresource = exec`),
  },
  FALCO_EMPTY_COMPARED: {
    severity: 'warning',
    title: 'a comparison with an empty text',
    about:
      'A field that is not in the event is missing, and every comparison with a missing field is false: `= ""` too. An empty text is a value, which hardly any field has.',
    fix: 'Write `field exists`, or `not field exists`.',
    bad: exampleRule(`${COMPLETE} ka.target.resource = pods and ka.target.subresource = ""`),
    good: exampleRule(`${COMPLETE} ka.target.resource = pods and not ka.target.subresource exists`),
  },
  FALCO_MISSING_NOT_EQUAL: {
    severity: 'warning',
    title: '`!=` on a field that is often missing',
    about:
      'Every comparison with a missing field is false, `!=` included. `ka.target.subresource != exec` is therefore false for all requests without a subresource, which are nearly all. `not ka.target.subresource = exec` is true for them.',
    fix: 'Write `not field = value`. Where the field must be there, say so by `field exists and field != value`.',
    bad: exampleRule(`${COMPLETE} ka.target.resource = pods and ka.target.subresource != exec`),
    good: exampleRule(`${COMPLETE} ka.target.resource = pods and not ka.target.subresource = exec`),
  },
  FALCO_LIST_EVERY: {
    severity: 'warning',
    title: '`in` on a list, which asks for all elements',
    about:
      'For a field with many values `in` is true where *every* element is among the values. A user in the groups `system:masters` and `system:authenticated` does not match `ka.user.groups in (system:masters)`.',
    fix: 'Use `intersects` to ask for one element. `not field in (…)`, some element that is not among them, is no mistake, and not reported.',
    bad: exampleRule(`${COMPLETE} ka.user.groups in ("system:masters")`),
    good: exampleRule(`${COMPLETE} ka.user.groups intersects ("system:masters")`),
  },
  FALCO_LIST_TRANSFORMED: {
    severity: 'warning',
    title: 'a transformed list, which never equals anything',
    about:
      'Falco keeps the byte that ends a text in its length when `tolower`, `toupper`, `b64` or `basename` change the elements of a list. The result equals no value, so `in` and `intersects` are always false.',
    fix: 'Name the spellings that can come, or search in `tolower(join(",", field))` by `contains`.',
    bad: exampleRule(`${COMPLETE} tolower(ka.user.groups) intersects (admins)`),
    good: exampleRule(`${COMPLETE} ka.user.groups intersects (admins, Admins)`),
  },
  FALCO_TEXT_ORDER: {
    severity: 'warning',
    title: 'numbers compared as texts',
    about:
      'All fields of audit events are texts, and `<`, `<=`, `>` and `>=` compare texts character by character: `1000` is less than `400`, and `5` is greater.',
    fix: 'Name the values by `in`, or describe their form by `glob` or `regex`.',
    bad: exampleRule(`${COMPLETE} ka.response.code >= 400`),
    good: exampleRule(`${COMPLETE} ka.response.code glob "[45]??"`),
  },
  FALCO_LITERAL_GLOB: {
    severity: 'warning',
    title: 'a wildcard where it is only a character',
    about: '`=`, `!=`, `in` and `intersects` compare whole texts; `*` stands for itself there.',
    fix: 'Use `startswith`, `endswith`, `contains` or `glob`.',
    bad: exampleRule(`${COMPLETE} ka.user.name = "system:serviceaccount:kube-system:*"`),
    good: exampleRule(`${COMPLETE} ka.user.name startswith "system:serviceaccount:kube-system:"`),
  },
  FALCO_REGEX_WHOLE: {
    severity: 'warning',
    title: 'a regular expression that is meant to match a part',
    about:
      'Falco’s `regex` must match the whole text, as if `^` and `$` stood around it. A pattern with only one of the two looks as if the other end were open, and it is not.',
    fix: 'Write `.*` at the open end, or use `startswith` or `endswith`.',
    bad: exampleRule(`${COMPLETE} ka.user.name regex "^dev-[0-9]"`),
    good: exampleRule(`${COMPLETE} ka.user.name regex "dev-[0-9].*"`),
  },
  FALCO_PMATCH_GLOBS: {
    severity: 'warning',
    title: '`pmatch` with several patterns',
    about:
      'With more than one path that holds `*`, `?` or `[`, Falco may skip some of them, depending on the order in which they lie in memory.',
    fix: 'Write one comparison for each pattern.',
    bad: exampleRule(`${COMPLETE} ka.uri pmatch ("/api/*/secrets", "/apis/*/roles")`),
    good: exampleRule(
      `${COMPLETE} (ka.uri pmatch ("/api/*/secrets") or ka.uri pmatch ("/apis/*/roles"))`,
    ),
  },
  FALCO_USELESS_FIELD: {
    severity: 'warning',
    title: 'a field that says nothing about the event',
    about:
      'Some fields always have the same value or none, because the plugin looks at a place that events do not have.',
    fix: 'Read the value with `jevt.value[/json/pointer]`.',
    bad: exampleRule(`${COMPLETE} ka.sourceips intersects (10.0.0.1)`),
    good: exampleRule(`${COMPLETE} jevt.value[/sourceIPs/0] = 10.0.0.1`),
  },
  FALCO_DEPRECATED_FIELD: {
    severity: 'warning',
    title: 'a deprecated field',
    about: 'The plugin keeps the field for old rules; what replaced it sees more.',
    fix: 'Use the field that the help names.',
    bad: exampleRule(`${COMPLETE} ka.req.container.privileged = true`),
    good: exampleRule(`${COMPLETE} ka.req.pod.containers.privileged intersects (true)`),
  },
  FALCO_HIDDEN_RULE: {
    severity: 'warning',
    title: 'a rule behind one that matches the same',
    about:
      'With `rule_matching: first`, Falco’s default, an event fires only the first rule that matches, in order of definition. Whatever this rule matches, the earlier one matches too, so this one never fires. With `rule_matching: all` both do.',
    fix: 'Put the special rule before the general one, or exclude its case from the general one.',
    bad:
      exampleRule(`${COMPLETE} ka.target.resource = secrets`, 'secrets touched') +
      exampleRule(
        `${COMPLETE} ka.target.resource = secrets and ka.verb = delete`,
        'secret deleted',
      ),
    good:
      exampleRule(
        `${COMPLETE} ka.target.resource = secrets and ka.verb = delete`,
        'secret deleted',
      ) + exampleRule(`${COMPLETE} ka.target.resource = secrets`, 'secrets touched'),
  },
  FALCO_EXCEPTION_UNUSED: {
    severity: 'warning',
    title: 'an exception that excludes nothing',
    about:
      'The rule never matches what the exception describes, so its value, or row of values, has no effect. Often a value was mistyped, or the condition has changed since.',
    fix: 'Correct the value, or remove it.',
    bad: exampleRule(
      `${COMPLETE} ka.verb = delete`,
      'deleted',
      '  exceptions:\n    - name: by_verb\n      fields: ka.verb\n      values: [get]\n',
    ),
    good: exampleRule(
      `${COMPLETE} ka.verb = delete`,
      'deleted',
      '  exceptions:\n    - name: by_user\n      fields: ka.user.name\n      values: [gardener]\n',
    ),
  },
  FALCO_REDEFINED: {
    severity: 'warning',
    title: 'a definition that replaces another one',
    about:
      'The last definition of a rule, macro or list wins, and keeps the place of the first. In one file that is a mistake nearly always; across files it hides later changes of the first file.',
    fix: 'Rename one of them, or say under `override` what is appended or replaced.',
    bad: `- list: admins
  items: [ann]
- list: admins
  items: [bob]
${exampleRule(`${COMPLETE} ka.user.name in (admins)`)}`,
    good: `- list: admins
  items: [ann]
- list: admins
  items: [bob]
  override: {items: append}
${exampleRule(`${COMPLETE} ka.user.name in (admins)`)}`,
  },
  FALCO_LIST_OVER_MACRO: {
    severity: 'warning',
    title: 'a list with the name of a macro',
    about:
      'Lists are put into conditions as text before anything else happens, so the macro of that name cannot be used.',
    fix: 'Rename one of them.',
    bad: `- macro: writes
  condition: ka.verb in (create, update)
- list: writes
  items: [create, update]
${exampleRule(`${COMPLETE} ka.verb in (writes)`)}`,
    good: `- macro: write
  condition: ka.verb in (writes)
- list: writes
  items: [create, update]
${exampleRule(`${COMPLETE} write`)}`,
  },
  FALCO_LIST_OVER_VALUE: {
    severity: 'warning',
    title: 'a list’s name where one value is meant',
    about:
      'Lists are put in wherever their name stands between blanks, commas, parentheses or `=`. A list `secrets` therefore replaces the value in `ka.target.resource = secrets`, and with one item that is not even an error.',
    fix: 'Write the value in quotes, which keeps lists out, or use `in (name)`.',
    bad: `- list: secrets
  items: [db-password]
${exampleRule(`${COMPLETE} ka.target.resource=secrets and ka.target.name in (secrets)`)}`,
    good: `- list: secrets
  items: [db-password]
${exampleRule(`${COMPLETE} ka.target.resource="secrets" and ka.target.name in (secrets)`)}`,
  },
  FALCO_UNKNOWN_LIST: {
    severity: 'warning',
    title: 'a name that looks like a list and is none',
    about:
      'Falco takes a name in `in (…)` that is no list for the text itself, so a mistyped list matches nothing. The same is left of a list that is held by another one and defined before it: Falco expands only one level by itself.',
    fix: 'Correct the name; define the inner list behind the outer one; write a text in quotes.',
    bad: `- list: known_users
  items: [ann, bob]
${exampleRule(`${COMPLETE} ka.user.name in (known_users) and not ka.user.name in (known_user)`)}`,
    good: `- list: known_users
  items: [ann, bob]
${exampleRule(`${COMPLETE} not ka.user.name in (known_users)`)}`,
  },
  FALCO_APPEND_BINDS: {
    severity: 'warning',
    title: 'an appended `and` that binds to one alternative only',
    about:
      'What is appended is joined as text, without parentheses: `a or b` extended by `and c` is `a or (b and c)`.',
    fix: 'Put the first condition into parentheses.',
    bad: `${exampleRule('ka.response.code = 401 or ka.response.code = 403')}- rule: example
  condition: and ka.verb = get
  override: {condition: append}
`,
    good: `${exampleRule('(ka.response.code = 401 or ka.response.code = 403)')}- rule: example
  condition: and ka.verb = get
  override: {condition: append}
`,
  },
  FALCO_FIELD_SURPRISE: {
    severity: 'info',
    title: 'a field that holds something else than its name says',
    about:
      'Said once for each field of the ruleset. What comes out differently was read from the plugin’s source; Parapet answers as the plugin does, because that is what production does. `parapet falco fields NAME` says the same.',
    fix: 'Make sure that the rule is meant so.',
    bad: exampleRule(`${COMPLETE} ka.req.pod.containers.image.repository intersects (registry)`),
  },
  FALCO_AUDIT_LEVEL: {
    severity: 'info',
    title: 'a rule that needs bodies in the log',
    about:
      'Fields about the request’s or response’s body are missing where the audit policy logs at the level `Metadata`. The rule then does not fire, and nothing says why.',
    fix: 'Log these resources at `Request` or `RequestResponse`, and keep secrets out of it.',
    bad: exampleRule(`${COMPLETE} ka.req.pod.host_network = true`),
  },
  FALCO_EVERY_STAGE: {
    severity: 'info',
    title: 'a rule that does not say which stage it means',
    about:
      'One request can be logged at several stages, first `RequestReceived`, then `ResponseComplete`. A rule that accepts all of them fires for each.',
    fix: 'Add `ka.stage = ResponseComplete`, or omit RequestReceived in the audit policy.',
    bad: exampleRule('ka.verb = delete'),
    good: exampleRule('ka.stage = ResponseComplete and ka.verb = delete'),
  },
  FALCO_OTHER_SOURCE: {
    severity: 'info',
    title: 'rules of another event source',
    about:
      'Rules for system calls and for other plugins are loaded, so that their syntax, lists, macros and exceptions are checked. Their fields are not known here, and they are not evaluated.',
    fix: 'Nothing needs to be done.',
    bad: `- rule: example
  desc: an example
  condition: evt.type = open
  output: opened
  priority: WARNING
`,
  },
}
