import type { ScanOptions } from '../io/scan/scan.ts'
import { ParapetError } from '../text/error.ts'
import { Complaints } from './complaints.ts'
import type { Io } from './io.ts'
import { type Progress, startProgress } from './progress.ts'

/** A run over logs under way, with its progress and complaints on stderr. */
export interface Reading<Run> {
  readonly run: Run
  /** Takes the progress line away and says how many complaints were not shown. */
  end(): Promise<void>
}

/** What a run over logs takes from the process that it stands in, and tells it. */
export type RunIo = Required<
  Pick<ScanOptions, 'cwd' | 'stdin' | 'signal' | 'onIncomplete' | 'onNotice' | 'onProgress'>
>

interface ReadingOptions {
  /** What is done with the logs, behind "there is no audit log to". */
  readonly deed: string
  /** Complaints are documents. */
  readonly structured: boolean
  readonly quiet: boolean | undefined
}

/**
 * Opens a run over logs.
 * @throws ParapetError for whatever is wrong with the request itself
 */
export async function startReading<Run extends { readonly size: number | undefined }>(
  inputs: string[],
  io: Io,
  { deed, structured, quiet = false }: ReadingOptions,
  open: (runIo: RunIo) => Promise<Run>,
): Promise<Reading<Run>> {
  checkInputs(inputs, io, deed)
  const complaints = new Complaints(io, structured)
  let progress: Progress | undefined
  const run = await open({
    cwd: io.cwd,
    stdin: io.stdin,
    signal: io.signal,
    onIncomplete: (diagnostic) => complaints.add(diagnostic),
    onNotice: (text) => void io.stderr.write(`${text}\n`),
    onProgress: (position) => progress?.update(position),
  })
  progress = await startProgress(io, run.size, quiet)
  return {
    run,
    async end() {
      progress?.stop()
      await complaints.end()
    },
  }
}

/** Without inputs a pipe is read; a terminal would only hang. */
function checkInputs(inputs: string[], io: Io, deed: string): void {
  if (inputs.length > 0 && !(inputs.includes('-') && io.stdin.isTTY)) return
  if (inputs.length === 0 && !io.stdin.isTTY) {
    inputs.push('-')
    return
  }
  throw new ParapetError('USAGE', `there is no audit log to ${deed}`, {
    help: 'name a file or folder, or pipe a log into `-`, which is standard input',
  })
}
