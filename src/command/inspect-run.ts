import { readBundle } from '../bundle/read.ts'
import { inspectBundle } from '../bundle/inspect.ts'
import { verifyBundle } from '../bundle/verify.ts'
import { exit, type ExitCode } from '../exit.ts'
import { readBundleFile } from '../io/policy/bundle-file.ts'
import { neededBuiltins } from '../rego/needs.ts'
import { type InspectionReport, inspectionDocument, inspectionText } from '../report/inspection.ts'
import { reportFailure } from './failure.ts'
import type { InspectFlags } from './inspect.ts'
import { type Io, write } from './io.ts'
import { trustOf } from './trust-options.ts'

/** Carries out `parapet inspect`. */
export async function runInspect(file: string, flags: InspectFlags, io: Io): Promise<ExitCode> {
  const structured = flags.format === 'json'
  try {
    const trust = await trustOf(flags, io)
    const bytes = await readBundleFile(file, io.cwd)
    const { bundle, diagnostics } = await readBundle(bytes, { file })
    const builtins = await Promise.all([...bundle.wasm.values()].map(neededBuiltins))
    const verification = trust && (await verifyBundle(bundle, trust, { file }))
    const report: InspectionReport = {
      file,
      archiveBytes: bytes.length,
      inspection: inspectBundle(bundle),
      builtins: builtins.flat(),
      notes: diagnostics.map(({ message }) => message),
      verification,
    }
    await write(io.stdout, structured ? inspectionDocument(report) : inspectionText(report))
    return verification?.state === 'refused' ? exit.bad : exit.ok
  } catch (error) {
    return reportFailure(io, error, structured)
  }
}
