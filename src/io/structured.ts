import { JsonSyntaxError, parseJson, toPlain } from '../bundle/json.ts'
import { type LocatedDiagnostic, locate } from '../text/diagnostic.ts'
import { type Document, LineIndex } from '../text/document.ts'
import { parseYaml, yamlValue } from '../text/yaml.ts'

/** A JSON or YAML text as a plain value, or what is wrong with it and where. */
export type Structured =
  | { readonly value: unknown; readonly diagnostics?: never }
  | { readonly diagnostics: readonly LocatedDiagnostic[] }

/** Reads one JSON value (name ending in neither .yaml nor .yml) or one YAML document. */
export function readStructured(document: Document): Structured {
  return /\.ya?ml$/.test(document.file) ? readYaml(document) : readJson(document)
}

function readJson({ file, text }: Document): Structured {
  try {
    return { value: toPlain(parseJson(text)) }
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    const place = new LineIndex(text).at(error.offset)
    const { message } = error
    return {
      diagnostics: [{ code: 'JSON_SYNTAX', severity: 'error', message, file, ...place }],
    }
  }
}

function readYaml(document: Document): Structured {
  const { documents, diagnostics } = parseYaml(document)
  if (diagnostics.length > 0) return { diagnostics: diagnostics.map((d) => locate(d, [document])) }
  if (documents.length <= 1) return { value: documents[0] ? yamlValue(documents[0]) : null }
  // OPA reads the first document and forgets the rest.
  return {
    diagnostics: [
      {
        code: 'YAML_DOCUMENTS',
        severity: 'error',
        message: `holds ${documents.length} YAML documents where one is wanted`,
        file: document.file,
        ...new LineIndex(document.text).at(documents[1]!.span.start),
      },
    ],
  }
}
