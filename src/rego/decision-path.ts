/** The slash path of a decision, however it was written. */
export function decisionPath(decision: string): string {
  const path = decision.replace(/^\/?data[./]/, '').replace(/^\//, '')
  return path.includes('/') ? path : path.replaceAll('.', '/')
}
