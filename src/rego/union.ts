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
  return `${HEAD}\n${found('_found', members)}\n${found('_portable', portable)}\n${EXCEPTIONS}`
}

/** A set's lines; an empty set is said outright, because a rule without lines does not exist. */
function found(name: string, members: readonly Member[]): string {
  if (members.length === 0) return `${name} := set()\n`
  const lines = members.map(
    (member) =>
      `${name} contains violation if some violation in data.${member.package}.violation\n`,
  )
  return lines.join('\n')
}

const HEAD = `# Generated from the guardrails beside it; do not edit.
package guardrails

violations contains violation if {
	some violation in _found
	count(_exceptions(violation)) == 0
}

portable contains violation if {
	some violation in _portable
	count(_exceptions(violation)) == 0
}

excepted contains {"exception": name, "violation": violation} if {
	some violation in _found
	some name in _exceptions(violation)
}
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
