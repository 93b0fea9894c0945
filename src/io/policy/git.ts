import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ParapetError } from '../../text/error.ts'

const run = promisify(execFile)

/**
 * What git calls the commit of a folder: the tag or the abbreviated hash, `-dirty` behind it where
 * files were changed.
 * @throws ParapetError `GIT_FAILED`
 */
export async function gitRevision(folder: string): Promise<string> {
  const args = ['-C', folder, 'describe', '--tags', '--always', '--dirty', '--abbrev=12']
  try {
    return (await run('git', args)).stdout.trim()
  } catch (cause) {
    throw new ParapetError('GIT_FAILED', `git cannot name the commit of \`${folder}\``, {
      help: 'give a revision with --revision, or use `revision: content` in the recipe',
      cause,
    })
  }
}
