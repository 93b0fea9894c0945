/**
 * Property tests take the same examples in every run, so that a run says something about the change
 * that it tests. PARAPET_SEED chooses other ones, and `random` new ones each time.
 */
import * as fc from 'fast-check'

/** A failure that is hard to shrink, or a generator that never finds anything, must not look like a hang, in milliseconds. */
const PROPERTY_MS_MAX = Number(process.env['PARAPET_PROPERTY_MS'] ?? 240_000)

const seed = process.env['PARAPET_SEED'] ?? '1'
fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  ...(seed === 'random' ? {} : { seed: Number(seed) }),
  interruptAfterTimeLimit: PROPERTY_MS_MAX,
  markInterruptAsFailure: true,
})
