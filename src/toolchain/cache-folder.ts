import { homedir } from 'node:os'
import { join } from 'node:path'

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly home: string
}

/** Where Parapet keeps what it can make again: `PARAPET_CACHE_DIR`, else the platform's cache folder. */
export function cacheFolder(
  { env, platform, home }: Surroundings = {
    env: process.env,
    platform: process.platform,
    home: homedir(),
  },
): string {
  if (env['PARAPET_CACHE_DIR']) return env['PARAPET_CACHE_DIR']
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'parapet')
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'parapet', 'Cache')
  }
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'parapet')
}
