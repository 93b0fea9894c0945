import { nearest } from '../../text/nearest.ts'
import type { FieldExpr } from '../condition/ast.ts'
import { utf8 } from '../event/byte-string.ts'
import { type FieldClass, fieldClasses, type FieldInfo, fields } from './catalogue.ts'

/** A field with its argument checked. */
export interface ResolvedField {
  readonly info: FieldInfo
  readonly class: FieldClass['name']
  /** The argument as a byte string, for `key` fields. */
  readonly key?: string
  /** For `index` fields with brackets. May be beyond any array. */
  readonly index?: number
}

export interface FieldProblem {
  readonly message: string
  readonly help?: string
  /** No such field, as opposed to a wrong argument; `skip-if-unknown-filter` forgives only this. */
  readonly unknown: boolean
}

/**
 * Looks a field up by Falco's rules: within a class the longest field name that is a prefix
 * decides, then its argument must fit and end the text.
 */
export function resolveField(field: Pick<FieldExpr, 'name' | 'arg'>): ResolvedField | FieldProblem {
  const text = field.arg === undefined ? field.name : `${field.name}[${field.arg}]`
  for (const candidates of fieldClasses) {
    const info = longestPrefix(candidates, text)
    if (!info) continue
    const found = candidates.takesArguments
      ? withArgument(candidates, info, text)
      : info.name === text && { info, class: candidates.name }
    return found || unknownField(field)
  }
  return unknownField(field)
}

/** Falco fails on indexes that Go cannot hold, which have 19 digits. */
const INDEX_DIGITS_MAX = 18
/** Names longer than this are not compared with all fields to find the nearest. */
const SUGGEST_LENGTH_MAX = 100

export function isProblem(field: ResolvedField | FieldProblem): field is FieldProblem {
  return 'message' in field
}

function longestPrefix(candidates: FieldClass, text: string): FieldInfo | undefined {
  let best: FieldInfo | undefined
  for (const info of candidates.fields) {
    if (text.startsWith(info.name) && info.name.length > (best?.name.length ?? -1)) best = info
  }
  return best
}

/** False where the text is more than the field and its brackets. */
function withArgument(
  { name }: FieldClass,
  info: FieldInfo,
  text: string,
): ResolvedField | FieldProblem | false {
  const shown = text.split(' ')[0]!
  const bracket = shown.indexOf('[')
  if (bracket < 0) {
    if (info.argumentRequired) {
      return {
        message: `the field \`${info.name}\` needs an argument`,
        help: `write it as \`${info.name}[…]\`: ${info.about}`,
        unknown: false,
      }
    }
    return shown === info.name && text === shown && { info, class: name }
  }
  if (bracket !== info.name.length) return false
  const close = shown.indexOf(']', bracket)
  if (close < 0) {
    return {
      message: `the argument of \`${info.name}\` holds a blank`,
      help: 'Falco cuts arguments at the first blank, even quoted ones',
      unknown: false,
    }
  }
  const argument = shown.slice(bracket + 1, close)
  if (!info.argument) {
    return {
      message: `the field \`${info.name}\` takes no argument, but \`[${argument}]\` is given`,
      unknown: false,
    }
  }
  if (info.argument === 'key') return close + 1 === text.length && withKey(info, name, argument)
  if (!/^(?:0|[1-9][0-9]*)$/.test(argument) || argument.length > INDEX_DIGITS_MAX) {
    return {
      message: `the argument of \`${info.name}\` must be an index, but it is \`${argument}\``,
      help: 'write a decimal number without leading zeros; the first element is `[0]`',
      unknown: false,
    }
  }
  return close + 1 === text.length && { info, class: name, index: Number(argument) }
}

function withKey(
  info: FieldInfo,
  name: FieldClass['name'],
  key: string,
): ResolvedField | FieldProblem {
  if (info.name === 'ka.req.volume.hostpath' && key === '') {
    return {
      message: 'the argument of `ka.req.volume.hostpath` is empty',
      help: 'Falco stops with a failure on this; write a path, or use `ka.req.pod.volumes.hostpath`',
      unknown: false,
    }
  }
  return { info, class: name, key: utf8(key) }
}

function unknownField(field: Pick<FieldExpr, 'name' | 'arg'>): FieldProblem {
  const shown = field.arg === undefined ? field.name : `${field.name}[${field.arg}]`
  const names = field.name.length > SUGGEST_LENGTH_MAX ? [] : fields.map((info) => info.name)
  const meant = nearest(field.name, names)
  return {
    message: `unknown field \`${shown}\``,
    help: meant
      ? `did you mean \`${meant}\`?`
      : 'see `parapet falco fields` for those that k8s_audit rules can use',
    unknown: true,
  }
}
