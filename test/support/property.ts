/**
 * Property tests take the same examples in every run, so that a run says something about the change
 * that it tests. PARAPET_SEED chooses other ones, and `random` new ones each time.
 */
import * as fc from 'fast-check'

const seed = process.env['PARAPET_SEED'] ?? '1'
if (seed !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) })
