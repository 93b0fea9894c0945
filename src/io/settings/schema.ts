import { type Setting, settings } from './settings.ts'

/**
 * A JSON Schema of `parapet.yaml`, from which editors complete and explain. What it accepts Parapet
 * accepts, but for the texts of conditions; Parapet also takes other spellings (`WARNING`, `"true"`).
 */
export function settingsSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:parapet:settings:1',
    title: 'Settings of Parapet',
    description: 'parapet.yaml, found from the working folder up to the root of its repository.',
    type: ['object', 'null'],
    additionalProperties: false,
    properties: Object.fromEntries(settings.map((setting) => [setting.key, property(setting)])),
  }
}

function property(setting: Setting): object {
  const { description, default: usual } = setting
  const said = usual === undefined ? {} : { default: usual }
  return { description, ...said, ...form(setting) }
}

function form({ kind, choices = [] }: Setting): object {
  const text = { type: 'string', minLength: 1 }
  switch (kind) {
    case 'text':
      return text
    case 'flag':
      return { type: 'boolean' }
    case 'count':
      return { type: 'integer', minimum: 0 }
    case 'choice':
      return { enum: [...new Set([...choices, ...choices.map((choice) => choice.toLowerCase())])] }
    case 'list':
      return { anyOf: [text, { type: 'array', items: text }] }
  }
}
