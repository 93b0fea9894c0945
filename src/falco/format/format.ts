/** `parapet falco fmt`: even blanks and line breaks. Comments, quotes and parentheses stay. */
import type { Diagnostic } from '../../text/diagnostic.ts'
import type { Document } from '../../text/document.ts'
import { parseYaml } from '../../text/yaml.ts'
import { diagnose } from '../rules/diagnose.ts'
import { applyEdits } from './edits.ts'
import { meansTheSame } from './meaning.ts'
import { conditionEdit, conditionsOf } from './scalars.ts'
import { betweenItems, trailingBlanks } from './spacing.ts'

export interface FormattedRules {
  /** Undefined where the file cannot be formatted, for which there is an error. */
  readonly text?: string
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Formats a rules file. Formatting twice gives the same as formatting once, and the meaning is
 * compared before the text is given out.
 */
export function formatRules(document: Document): FormattedRules {
  if (!document.text.includes('\r\n')) return formatLines(document)
  const { text, diagnostics } = formatLines({
    ...document,
    text: document.text.replaceAll('\r\n', '\n'),
  })
  return { diagnostics, ...(text === undefined ? {} : { text: text.replaceAll('\n', '\r\n') }) }
}

/** Of a text whose lines end with a newline alone. */
function formatLines(document: Document): FormattedRules {
  const { file } = document
  const { documents, diagnostics } = parseYaml(document, { duplicateKeys: 'keep' })
  if (diagnostics.length > 0) {
    return {
      diagnostics: diagnostics.map(({ message, span, help }) =>
        diagnose('LOAD_ERR_YAML_PARSE', 'error', message, span && { file, span }, help),
      ),
    }
  }
  const edits = [
    ...conditionsOf(documents).flatMap((scalar) => conditionEdit(document, scalar) ?? []),
    ...betweenItems(document.text, documents),
    ...trailingBlanks(document.text, documents),
  ]
  const text = atEnds(applyEdits(document.text, edits))
  if (text === document.text || meansTheSame(document, { file, text })) return { text, diagnostics }
  return { diagnostics: [unsafe(file)] }
}

function unsafe(file: string): Diagnostic {
  return {
    code: 'FORMAT_UNSAFE',
    severity: 'error',
    message: 'formatting would change what this file means',
    file,
    help: 'the file was left as it is; write its conditions behind `>`',
  }
}

/** No empty lines at the beginning, and one line break at the end. */
function atEnds(text: string): string {
  const body = text.replace(/^(\uFEFF?)(?:[ \t]*\r?\n)+/, '$1').trimEnd()
  return body === '' ? '' : `${body}\n`
}
