import { ParapetError } from '../text/error.ts'
import type { Priority } from '../text/priority.ts'

/** A guardrail's place: `workloads` and `pod_exec_at_night`. */
export interface GuardrailName {
  readonly category: string
  readonly name: string
}

/** Reads `category/name`, with hyphens or underscores. @throws ParapetError `USAGE` */
export function parseGuardrailName(text: string): GuardrailName {
  const match = /^([a-z][a-z0-9_-]*)\/([a-z][a-z0-9_-]*)$/.exec(text)
  if (!match) {
    throw new ParapetError('USAGE', `\`${text}\` is no name of a guardrail`, {
      help: 'it is CATEGORY/NAME in small letters, for example `workloads/pod-exec-at-night`',
    })
  }
  const plain = (word: string): string => word.replaceAll('-', '_')
  return { category: plain(match[1]!), name: plain(match[2]!) }
}

/**
 * The files of a new guardrail, by their path below the folder of guardrails: Rego with METADATA,
 * tests and cases, which pass. They use the library that comes with Parapet.
 */
export function guardrailFiles(
  { category, name }: GuardrailName,
  priority: Priority,
): { readonly file: string; readonly text: string }[] {
  const folder = `${category}/${name}`
  return [
    { file: `${folder}/${name}.rego`, text: guardrailText(category, name, priority) },
    { file: `${folder}/${name}_test.rego`, text: testText(category, name) },
    { file: `${folder}/${name}.cases.yaml`, text: CASES },
  ]
}

function guardrailText(category: string, name: string, priority: Priority): string {
  const id = name.replaceAll('_', '-')
  const words = name.replaceAll('_', ' ')
  const title = words[0]!.toUpperCase() + words.slice(1)
  return `# METADATA
# title: ${title}
# description: Someone changed a config map that nobody should change by hand.
# scope: package
# schemas:
#   - input: schema.audit_event
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/configmap/
#     description: Kubernetes, config maps
# custom:
#   id: ${id}
#   priority: ${priority}
#   tags: [mitre_persistence]
#   controls:
#     soc2: [CC7.2]
#   why: >-
#     Say what an attacker gains, or what an auditor wants to know.
#   benign: >-
#     Say who does this for good reasons, and how to tell.
#   evasions: >-
#     Say what this does not see.
package guardrails.${category}.${name}

import data.parapet.lib

violation contains finding(message) if {
	input.objectRef.resource == "configmaps"
	lib.is_write
	lib.is_person
	message := $"{lib.actor} {lib.acted} {lib.target}"
}

finding(message) := lib.finding(rego.metadata.chain(), message)
`
}

function testText(category: string, name: string): string {
  return `package guardrails.${category}.${name}_test

import data.guardrails.${category}.${name}

write := {
	"kind": "Event",
	"stage": "ResponseComplete",
	"verb": "update",
	"user": {"username": "alice@example.com", "groups": ["system:authenticated"]},
	"objectRef": {"resource": "configmaps", "namespace": "shop", "name": "settings"},
	"responseStatus": {"code": 200},
}

messages(event) := {v.message | some v in ${name}.violation with input as event}

test_a_person_who_writes_is_reported if {
	messages(write) == {"alice@example.com replaced config map settings in namespace shop"}
}

test_reading_is_not if {
	messages(object.union(write, {"verb": "get"})) == set()
}

test_a_controller_is_not if {
	controller := {"user": {"username": "system:serviceaccount:kube-system:deployment-controller"}}
	messages(object.union(write, controller)) == set()
}
`
}

const CASES = `- note: a person who writes a config map is reported
  base: configmap-update
  want:
    - admin@example.com replaced config map settings in namespace shop

- note: reading one is not
  base: configmap-update
  patch: {verb: get, requestObject: null}
  want: none

- note: a change of something else is not
  base: service-create
  want: none

- note: a controller of the cluster is not
  base: configmap-update
  patch: {user: {username: "system:serviceaccount:kube-system:deployment-controller"}}
  want: none
`

/** The files of a new project, by their path in it. They need each other and nothing else. */
export function projectFiles(): { readonly file: string; readonly text: string }[] {
  const first = guardrailFiles({ category: 'workloads', name: 'config_by_hand' }, 'Notice')
  return [
    { file: 'parapet.yaml', text: SETTINGS },
    { file: 'org.yaml', text: ORGANISATION },
    ...first.map(({ file, text }) => ({ file: `guardrails/${file}`, text })),
  ]
}

const SETTINGS = `# What \`parapet scan\` does in this folder; \`parapet config\` shows where each setting comes from.
policies: [builtin, ./guardrails]
data: [org.yaml]
fail-on: Warning
`

const ORGANISATION = `# What is normal here. A list that is empty says nothing; the guardrails that need it stay quiet.
org:
  # Prefixes of the images that may run: registry.example.com, ghcr.io/your-team/
  registries: []
  # Networks that requests come from: your offices, VPNs and CI runners, as CIDR
  networks: []
  users:
    # The people who are expected in your clusters
    known: []
    # Accounts kept for emergencies; each of their requests is reported
    break_glass: []
`
