import { type DateFault, type ExceptionEnd, exceptionEnds } from '../../engine/exception-dates.ts'
import { meantBy, strayText } from '../../engine/exceptions.ts'
import { type Document, LineIndex } from '../../text/document.ts'
import { bundlePath, type PolicySources } from '../../toolchain/sources.ts'
import { readExceptions } from '../exceptions.ts'

/** An exception, and what is wrong with it. */
export interface TestedException extends Pick<ExceptionEnd, 'name' | 'until'> {
  readonly fault: Pick<DateFault, 'message' | 'help'> | undefined
  /** The guardrail that it is for, and where that is written. */
  readonly guardrail: { readonly id: string; readonly line: number } | undefined
  readonly file: string
  readonly line: number
}

/**
 * With a fault for those whose guardrail is not there: they cover nothing, which nobody sees before
 * the guardrail finds what they should.
 * @param known ids of all guardrails
 */
export function withStrays(
  exceptions: readonly TestedException[],
  known: ReadonlySet<string>,
): TestedException[] {
  return exceptions.map((one) => {
    const { guardrail, fault } = one
    if (fault || !guardrail || known.has(guardrail.id)) return one
    const { id, line } = guardrail
    const help = meantBy(id, known) ?? '`parapet guardrails` lists those of a policy'
    return { ...one, line, fault: { message: strayText(id), help } }
  })
}

/** The exceptions in a policy's own data, each at the place where it is in the data. */
export function policyExceptions({ documents = [] }: PolicySources): TestedException[] {
  return documents.flatMap((document) => {
    const mount = bundlePath(document).split('/').slice(0, -1)
    return tested(document, mount)
  })
}

/**
 * Those in files that are laid over the data.
 * @throws ParapetError where one cannot be read or is not sound
 */
export async function dataExceptions(
  files: readonly string[],
  cwd: string,
): Promise<TestedException[]> {
  const all: TestedException[] = []
  for (const file of files) all.push(...tested((await readExceptions(file, cwd)).document, []))
  return all
}

function tested(document: Document, mount: readonly string[]): TestedException[] {
  const lines = new LineIndex(document.text)
  return exceptionEnds(document, Date.now(), mount).map(({ guardrail, span, ...one }) => ({
    ...one,
    guardrail: guardrail && { id: guardrail.id, line: lines.at(guardrail.span.start).line },
    file: document.file,
    line: lines.at(span.start).line,
  }))
}
