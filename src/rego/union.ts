/**
 * The union of all guardrails. It cannot be written generically in Rego: `data.guardrails[c][n]`
 * inside package `guardrails` is recursion, and a union for each category would silently lose
 * `guardrails.custom.mine`. So it is generated, one line for each guardrail, for every policy.
 */
import type { GuardrailMetadata } from './metadata.ts'

/** Where the generated module stands inside a policy's folder and bundle. */
export const UNION_PATH = 'guardrails/union.rego'
/** The decision that everyone asks for. */
export const UNION_ENTRYPOINT = 'guardrails/violations'
/** The union of the guardrails that every WASM SDK decides alike. */
export const PORTABLE_ENTRYPOINT = 'guardrails/portable'
/** What the union leaves out, each with the name of the exception that covers it. */
export const EXCEPTED_ENTRYPOINT = 'guardrails/excepted'

type Member = Pick<GuardrailMetadata, 'package' | 'portable'>

/** The text of package `guardrails`; the same guardrails give the same bytes, in any order. */
export function unionModule(guardrails: readonly Member[]): string {
  const members = guardrails.toSorted((a, b) => (a.package < b.package ? -1 : 1))
  const portable = members.filter((member) => member.portable)
  const sets = [
    ...set('violations', members, VIOLATION),
    ...set('portable', portable, VIOLATION),
    ...set('excepted', members, EXCEPTED),
  ]
  return `${HEAD}\n${sets.join('\n')}\n${EXCEPTIONS}`
}

/**
 * The rules of a set. OPA makes an entrypoint of every rule that refers to one, so the guardrails'
 * sets are named in the rules themselves. An empty set is said outright, because without rules there
 * would be none.
 */
function set(name: string, members: readonly Member[], { element, condition }: Kind): string[] {
  if (members.length === 0) return [`${name} := set()\n`]
  return members.map(
    (member) =>
      `${name} contains ${element} if {\n\tsome violation in data.${member.package}.violation\n\t${condition}\n}\n`,
  )
}

interface Kind {
  readonly element: string
  /** Of a `violation`. */
  readonly condition: string
}

const VIOLATION: Kind = { element: 'violation', condition: 'count(_exceptions(violation)) == 0' }
const EXCEPTED: Kind = {
  element: '{"exception": name, "violation": violation}',
  condition: 'some name in _exceptions(violation)',
}

const HEAD = `# Generated from the guardrails beside it; do not edit.
package guardrails
`

/**
 * `engine/exceptions.ts` says the same in TypeScript. Without builtins that the stock SDK lacks, so
 * times are compared as texts, and an event is judged by its own time: the same log always gives the
 * same answer. Whatever is not understood covers nothing.
 */
const EXCEPTIONS = `# The names of the exceptions (\`data.org.exceptions\`) that cover a violation.
_exceptions(violation) := {name |
	some name, exception in data.org.exceptions
	exception.guardrail == violation.id
	_holds(exception.until)
	is_object(exception.match)
	every key, pattern in object.union({"as": null}, exception.match) {
		_matches(pattern, _subject[key])
	}
}

_holds(until) if {
	time := input.requestReceivedTimestamp
	is_string(time)
	is_string(until)
	regex.match(\`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$\`, time)
	regex.match(\`^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d:\\d\\dZ)?$\`, until)
	time < trim_suffix(until, "Z")
}

_matches(pattern, text) if pattern == text

_matches(pattern, text) if {
	is_string(pattern)
	is_string(text)
	endswith(pattern, "*")
	startswith(text, trim_suffix(pattern, "*"))
}

# What patterns are held against; null for what the event does not have.
_subject := {
	"user": _text(["user", "username"]),
	"as": _text(["impersonatedUser", "username"]),
	"verb": _text(["verb"]),
	"uri": _text(["requestURI"]),
	"resource": _resource,
	"namespace": _text(["objectRef", "namespace"]),
	"name": _text(["objectRef", "name"]),
}

default _resource := null

# As kubectl names it: \`pods/exec\`, \`deployments.apps\`.
_resource := concat("", [resource, group, subresource]) if {
	resource := _text(["objectRef", "resource"])
	is_string(resource)
	group := _marked(".", _text(["objectRef", "apiGroup"]))
	subresource := _marked("/", _text(["objectRef", "subresource"]))
}

_marked(mark, text) := concat("", [mark, text]) if {
	is_string(text)
	text != ""
} else := ""

_text(path) := text if {
	text := object.get(input, path, null)
	is_string(text)
} else := null
`
