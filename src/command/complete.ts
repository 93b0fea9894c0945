import tab from '@bomb.sh/tab/commander'
import type { Command } from 'commander'

/**
 * Adds `parapet complete`: with a shell's name it prints the script that the shell is to load, and
 * with `--` and words it answers what that script asks. Loaded only when it is asked for.
 */
export function addComplete(program: Command): void {
  tab(program)
}
