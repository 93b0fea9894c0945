import { type ExceptionEnd, exceptionEnds } from '../../engine/exception-dates.ts'
import { type Document, LineIndex } from '../../text/document.ts'
import { bundlePath, type PolicySources } from '../../toolchain/sources.ts'
import { readExceptions } from '../exceptions.ts'

/** An exception, and whether it still holds. */
export interface TestedException extends Omit<ExceptionEnd, 'span'> {
  readonly file: string
  readonly line: number
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
  return exceptionEnds(document, Date.now(), mount).map(({ name, until, fault, span }) => {
    return { name, until, fault, file: document.file, line: lines.at(span.start).line }
  })
}
