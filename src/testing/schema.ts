import { priorities } from '../text/priority.ts'
import { bases } from './bases.ts'
import { WANTED_FIELDS } from './case.ts'
import { COMPANIONS, HAPPENING_KEYS, type HappeningKey } from './case-file.ts'

/**
 * A JSON Schema of case files, from which editors complete and explain. What it accepts Parapet
 * accepts, but for notes that stand twice and what is wrong inside of `data`.
 */
export function casesSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:parapet:cases:1',
    title: 'Cases of a guardrail or of Falco rules',
    description: 'NAME.cases.yaml beside NAME.rego, or beside the rules file NAME.yaml.',
    type: 'array',
    items: {
      type: 'object',
      required: ['note', 'want'],
      additionalProperties: false,
      properties: {
        note: { ...TEXT, description: 'What the case shows, in a sentence; unique in its file.' },
        rule: { ...TEXT, description: 'The Falco rule that the case is about.' },
        event: { ...OBJECT, description: 'One event, in full.' },
        events: {
          description: 'Several events, in full; each is judged for itself.',
          type: 'array',
          minItems: 1,
          items: OBJECT,
        },
        base: {
          description: 'The event to begin from; `parapet test bases` shows them.',
          enum: [...bases.keys()],
        },
        recording: { ...TEXT, description: 'Path of a log, relative to this file.' },
        auditID: { ...TEXT, description: 'The request of the recording.' },
        stage: { ...TEXT, description: 'Only the event of this stage.' },
        patch: {
          ...OBJECT,
          description: 'A JSON merge patch (RFC 7396): null removes a member.',
        },
        data: { ...OBJECT, description: 'Merged over the default data: `{org: {…}}`.' },
        want: want(),
      },
      oneOf: HAPPENING_KEYS.map(alternative),
    },
  }
}

const TEXT = { type: 'string', minLength: 1 }
const OBJECT = { type: 'object' }

function alternative(key: HappeningKey): object {
  const strange = COMPANIONS.recording.filter((other) => !COMPANIONS[key].includes(other))
  return {
    required: key === 'recording' ? [key, 'auditID'] : [key],
    ...(strange.length === 0
      ? {}
      : { not: { anyOf: strange.map((other) => ({ required: [other] })) } }),
  }
}

function want(): object {
  return {
    description: 'Every finding that is wanted; findings that nobody wants fail.',
    anyOf: [
      { const: 'none' },
      {
        type: 'object',
        required: ['count'],
        additionalProperties: false,
        properties: { count: { type: 'integer', minimum: 1 } },
      },
      { type: 'array', minItems: 1, items: { anyOf: [TEXT, finding()] } },
    ],
  }
}

function finding(): object {
  const properties = Object.entries(WANTED_FIELDS).map(([field, members]) => [
    field,
    members && members.length > 0
      ? { type: ['object', 'null'], propertyNames: { enum: members } }
      : field === 'priority'
        ? { enum: [...priorities] }
        : {},
  ])
  return {
    type: 'object',
    minProperties: 1,
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  }
}
