import { isAbout, isNeeded, type TestedFiles } from '../../testing/affected.ts'
import type { Suite } from './suite.ts'

/** The files of a suite, by their names in messages. */
export function testedFiles({ sources, caseFiles }: Suite): TestedFiles {
  return {
    modules: sources?.modules ?? [],
    caseFiles: caseFiles.map(({ document: { file }, rules }) => ({
      file,
      ...(rules === undefined ? {} : { rules }),
    })),
  }
}

/** What a suite needs to test some folders of guardrails or case files of Falco rules. */
export function narrowed(suite: Suite, units: ReadonlySet<string>): Suite {
  const { sources, caseFiles, ...rest } = suite
  const files = testedFiles(suite)
  const isHere = files.modules.some(({ file }) => isAbout(file, units))
  return {
    ...rest,
    caseFiles: caseFiles.filter(({ document }) => isAbout(document.file, units)),
    ...(sources && isHere
      ? {
          sources: {
            ...sources,
            modules: sources.modules.filter((module) => isNeeded(module, files, units)),
          },
        }
      : {}),
  }
}
