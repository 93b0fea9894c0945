import { YamlFields } from '../bundle/yaml-fields.ts'
import { readOrgData } from '../engine/data.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { type Document, LineIndex, type Position } from '../text/document.ts'
import type { JsonObject } from '../text/json.ts'
import { nearest } from '../text/nearest.ts'
import { parseYaml, yamlGet, type YamlMapping, type YamlNode, yamlValue } from '../text/yaml.ts'
import { bases } from './bases.ts'
import { type Case, type Happening, type Want, WANTED_FIELDS, type WantedFinding } from './case.ts'
import { mergePatch } from './merge-patch.ts'

/** The keys of a case. */
const CASE_KEYS = [
  'note',
  'rule',
  'event',
  'events',
  'base',
  'recording',
  'auditID',
  'stage',
  'patch',
  'data',
  'want',
] as const

/** The keys of which a case has exactly one. */
export const HAPPENING_KEYS = ['event', 'events', 'base', 'recording'] as const

export type HappeningKey = (typeof HAPPENING_KEYS)[number]

/** What may stand beside each of them. */
export const COMPANIONS: Readonly<Record<HappeningKey, readonly string[]>> = {
  event: [],
  events: [],
  base: ['patch'],
  recording: ['auditID', 'stage', 'patch'],
}

export interface CaseFileReading {
  /** None where there are errors. */
  readonly cases: readonly Case[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a case file: a YAML list of cases. */
export function readCaseFile(document: Document): CaseFileReading {
  const { documents, diagnostics } = parseYaml(document)
  if (diagnostics.length > 0) return { cases: [], diagnostics }
  const reader = new CaseFileReader(document)
  const cases = reader.cases(documents[0])
  const found = reader.diagnostics
  return { cases: found.length > 0 ? [] : cases, diagnostics: found }
}

class CaseFileReader {
  readonly #document: Document
  readonly #fields: YamlFields
  readonly #lines: LineIndex
  readonly #notes = new Map<string, YamlNode>()

  constructor(document: Document) {
    this.#document = document
    this.#fields = new YamlFields(document.file, 'CASE_INVALID')
    this.#lines = new LineIndex(document.text)
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#fields.diagnostics
  }

  cases(root: YamlNode | undefined): Case[] {
    if (root?.kind === 'sequence') return root.items.flatMap((item) => this.#case(item) ?? [])
    this.#fields.fault(root, 'a case file is not a list of cases', 'begin each case with `- note:`')
    return []
  }

  #case(node: YamlNode): Case | undefined {
    const mapping = this.#fields.mapping(node, 'a case', CASE_KEYS)
    if (!mapping) return undefined
    const note = this.#note(mapping)
    const rule = this.#fields.text(mapping, 'rule')
    const happens = this.#happening(mapping)
    const data = this.#data(mapping)
    const wantNode = yamlGet(mapping, 'want')
    const want = wantNode
      ? this.#want(wantNode)
      : this.#fields.fault(
          mapping,
          'a case has no `want`',
          'say which findings it wants, or `none`',
        )
    if (note === undefined || !happens || !want) return undefined
    return {
      note,
      ...(rule === undefined ? {} : { rule }),
      happens,
      ...(data ? { data } : {}),
      want,
      file: this.#document.file,
      line: this.#lines.at(mapping.span.start).line,
      wantSpan: wantNode!.span,
    }
  }

  #note(mapping: YamlMapping): string | undefined {
    const note = this.#fields.text(mapping, 'note')?.trim()
    const node = yamlGet(mapping, 'note')
    if (!node)
      return this.#fields.fault(mapping, 'a case has no `note`', 'say in a sentence what it shows')
    if (note === undefined) return undefined
    const first = this.#notes.get(note)
    if (first) {
      const { line } = this.#lines.at(first.span.start)
      return this.#fields.fault(
        node,
        `the note of line ${line} again`,
        'notes are the names of cases: say what differs',
      )
    }
    this.#notes.set(note, node)
    return note
  }

  #happening(mapping: YamlMapping): Happening | undefined {
    const given = HAPPENING_KEYS.filter((key) => yamlGet(mapping, key))
    const [kind] = given
    if (kind === undefined || given.length > 1) {
      const help = `give one of ${HAPPENING_KEYS.join(', ')}`
      const message =
        kind === undefined
          ? 'nothing happens in this case'
          : `\`${given.join('` and `')}\` in one case`
      return this.#fields.fault(
        kind === undefined ? mapping : yamlGet(mapping, given[1]!),
        message,
        help,
      )
    }
    for (const key of COMPANIONS.recording) {
      const companion = COMPANIONS[kind].includes(key) ? undefined : yamlGet(mapping, key)
      if (companion) this.#fields.fault(companion, `\`${key}\` does not go with \`${kind}\``)
    }
    if (kind === 'event') return this.#events([yamlGet(mapping, kind)!])
    if (kind === 'events') return this.#events(this.#list(yamlGet(mapping, kind)!))
    return kind === 'base' ? this.#base(mapping) : this.#recording(mapping)
  }

  #list(node: YamlNode): readonly YamlNode[] {
    if (node.kind === 'sequence' && node.items.length > 0) return node.items
    this.#fields.fault(node, '`events` is not a list of events')
    return []
  }

  #events(nodes: readonly YamlNode[]): Happening | undefined {
    const events = nodes.map((node) => this.#object(node, 'an event'))
    const whole = events.filter((event) => event !== undefined)
    if (whole.length < events.length || whole.length === 0) return undefined
    return { kind: 'events', events: whole }
  }

  #base(mapping: YamlMapping): Happening | undefined {
    const name = this.#fields.text(mapping, 'base')
    const patch = this.#patch(mapping)
    if (name === undefined) return undefined
    const base = bases.get(name)
    if (!base) {
      const meant = nearest(name, bases.keys())
      const help = meant ? `did you mean \`${meant}\`?` : '`parapet test bases` lists them'
      return this.#fields.fault(yamlGet(mapping, 'base'), `there is no base \`${name}\``, help)
    }
    return { kind: 'events', events: [mergePatch(base.event, patch ?? {}) as JsonObject] }
  }

  #recording(mapping: YamlMapping): Happening | undefined {
    const recording = this.#fields.text(mapping, 'recording')
    const auditID = this.#fields.text(mapping, 'auditID')
    const stage = this.#fields.text(mapping, 'stage')
    const patch = this.#patch(mapping)
    if (recording === undefined) return undefined
    if (auditID === undefined) {
      return this.#fields.fault(
        yamlGet(mapping, 'recording'),
        'a recording without `auditID`',
        'say which of its requests is meant',
      )
    }
    return {
      kind: 'recording',
      recording,
      recordingAt: this.#at(mapping, 'recording'),
      auditID,
      auditIDAt: this.#at(mapping, 'auditID'),
      ...(stage === undefined ? {} : { stage }),
      ...(patch === undefined ? {} : { patch }),
    }
  }

  /** Where the value of a key is written. */
  #at(mapping: YamlMapping, key: string): Position {
    return this.#lines.at(yamlGet(mapping, key)!.span.start)
  }

  #patch(mapping: YamlMapping): JsonObject | undefined {
    const node = yamlGet(mapping, 'patch')
    return node && this.#object(node, '`patch`')
  }

  #object(node: YamlNode, what: string): JsonObject | undefined {
    return this.#fields.mapping(node, what) && (yamlValue(node) as JsonObject)
  }

  #data(mapping: YamlMapping): JsonObject | undefined {
    const node = yamlGet(mapping, 'data')
    if (!node) return undefined
    const { value, diagnostics } = readOrgData(this.#document, node)
    this.#fields.diagnostics.push(...diagnostics)
    return value
  }

  #want(node: YamlNode): Want | undefined {
    if (node.kind === 'scalar' && node.text === 'none') return { kind: 'none' }
    if (node.kind === 'mapping') return this.#count(node)
    if (node.kind === 'sequence' && node.items.length > 0) {
      const findings = node.items.map((item) => this.#finding(item))
      return { kind: 'list', findings: findings.filter((finding) => finding !== undefined) }
    }
    if (node.kind === 'sequence') {
      return this.#fields.fault(node, '`want` is an empty list', 'write `none` for no finding')
    }
    return this.#fields.fault(
      node,
      '`want` is neither `none`, a list of findings nor a count',
      'write `none`, a list of messages, or `{count: 2}`',
    )
  }

  #count(node: YamlMapping): Want | undefined {
    this.#fields.mapping(node, '`want`', ['count'])
    const count = this.#fields.integer(node, 'count', { min: 1, max: Number.MAX_SAFE_INTEGER })
    return count === undefined ? undefined : { kind: 'count', count }
  }

  #finding(node: YamlNode): WantedFinding | undefined {
    if (node.kind === 'scalar') return { message: node.text }
    const mapping = this.#fields.mapping(node, 'a wanted finding', Object.keys(WANTED_FIELDS))
    if (!mapping) return undefined
    if (mapping.pairs.length === 0) {
      return this.#fields.fault(
        node,
        'a wanted finding names no field',
        'name at least its `message`, or write `{count: 1}`',
      )
    }
    for (const [field, members] of Object.entries(WANTED_FIELDS)) {
      const value = yamlGet(mapping, field)
      if (members && value?.kind === 'mapping') this.#fields.mapping(value, `\`${field}\``, members)
    }
    const priority = this.#fields.priority(mapping, 'priority')
    return { ...(yamlValue(mapping) as JsonObject), ...(priority ? { priority } : {}) }
  }
}
