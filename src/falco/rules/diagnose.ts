import type { Diagnostic, Severity } from '../../text/diagnostic.ts'
import type { Document } from '../../text/document.ts'
import type { YamlNode } from '../../text/yaml.ts'
import type { SourcePlace } from './traced.ts'

/** Falco's own codes for rules files that it refuses. */
export type LoadErrorCode =
  | 'LOAD_ERR_FILE_READ'
  | 'LOAD_ERR_YAML_PARSE'
  | 'LOAD_ERR_YAML_VALIDATE'
  | 'LOAD_ERR_COMPILE_CONDITION'
  | 'LOAD_ERR_COMPILE_OUTPUT'
  | 'LOAD_ERR_VALIDATE'
  | 'LOAD_ERR_EXTENSION'

/** Falco's own codes for what it loads with a warning. */
export type LoadWarningCode =
  | 'LOAD_UNKNOWN_SOURCE'
  | 'LOAD_UNSAFE_NA_CHECK'
  | 'LOAD_NO_EVTTYPE'
  | 'LOAD_UNKNOWN_FILTER'
  | 'LOAD_UNUSED_MACRO'
  | 'LOAD_UNUSED_LIST'
  | 'LOAD_UNKNOWN_ITEM'
  | 'LOAD_DEPRECATED_ITEM'
  | 'LOAD_WARNING_EXTENSION'
  | 'LOAD_APPEND_NO_VALUES'
  | 'LOAD_EXCEPTION_NAME_NOT_UNIQUE'
  | 'LOAD_INVALID_MACRO_NAME'
  | 'LOAD_INVALID_LIST_NAME'
  | 'LOAD_COMPILE_CONDITION'
  | 'LOAD_UNKNOWN_KEY'

/** Stops the reading of one item, or the compiling of one rule. */
export class LoadError extends Error {
  readonly diagnostic: Diagnostic
  /** A field that does not exist, which `skip-if-unknown-filter` forgives. */
  readonly unknownField: boolean

  constructor(
    code: LoadErrorCode,
    message: string,
    place?: SourcePlace,
    help?: string,
    unknownField = false,
  ) {
    super(message)
    this.unknownField = unknownField
    this.diagnostic = diagnose(code, 'error', message, place, help)
  }
}

export function warning(
  code: LoadWarningCode,
  message: string,
  place?: SourcePlace,
  help?: string,
): Diagnostic {
  return diagnose(code, 'warning', message, place, help)
}

export function diagnose(
  code: string,
  severity: Severity,
  message: string,
  place?: SourcePlace,
  help?: string,
): Diagnostic {
  return {
    code,
    severity,
    message: oneLine(message),
    ...(place ? { file: place.file, span: place.span } : {}),
    ...(help ? { help: oneLine(help) } : {}),
  }
}

/** Messages quote rules files, which hold newlines and texts of any length. */
function oneLine(message: string): string {
  const line = message.replace(/\s+/g, ' ')
  return line.length > MESSAGE_LENGTH_MAX ? `${line.slice(0, MESSAGE_LENGTH_MAX)}…` : line
}

const MESSAGE_LENGTH_MAX = 400

/** The place of a node of a rules file. */
export function placeOf(document: Document, node: YamlNode): SourcePlace {
  return { file: document.file, span: node.span }
}
