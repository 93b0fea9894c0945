import { stat } from 'node:fs/promises'
import path from 'node:path'

/** The file's name, wherever it is. */
export const SETTINGS_FILE = 'parapet.yaml'

/**
 * The nearest `parapet.yaml`, from the working folder up to the root of its repository (which has a
 * `.git`). Outside of a repository only the working folder counts: a file further up may be anybody's.
 */
export async function findSettingsFile(cwd: string): Promise<string | undefined> {
  const folders: string[] = []
  let root = false
  for (let folder = path.resolve(cwd); !root; folder = path.dirname(folder)) {
    folders.push(folder)
    root = await exists(path.join(folder, '.git'))
    if (path.dirname(folder) === folder) break
  }
  for (const folder of root ? folders : folders.slice(0, 1)) {
    const file = path.join(folder, SETTINGS_FILE)
    if (await exists(file)) return file
  }
  return undefined
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
