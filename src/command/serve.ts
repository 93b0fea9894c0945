import type { Command } from 'commander'
import type { ExitCode } from '../exit.ts'
import type { Io } from './io.ts'
import { addTrustOptions, type TrustFlags } from './trust-options.ts'

const EXAMPLES = `Examples:
  parapet serve prod.tar.gz                       http://127.0.0.1:8181/bundles/prod
  parapet serve prod.tar.gz --verify-key prod.pub.pem --once-ready
  parapet serve --config serve.yaml

Routes: GET /bundles/<name>, POST /status, POST /logs, GET /health, GET /metrics, GET /clients

Exit codes: 2 could not start, 130 interrupted.
`

/** Options as commander hands them over. */
export interface ServeFlags extends TrustFlags {
  readonly config?: string
  readonly listen?: string
  readonly deltas?: boolean
  readonly tokenEnv: string[]
  readonly tokenFile: string[]
  readonly decisionLog?: string
  readonly redact: boolean
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly clientCa?: string
  readonly onceReady?: boolean
}

/** Adds `parapet serve`. */
export function addServe(program: Command, io: Io, done: (code: ExitCode) => void): void {
  const list = (value: string, before: string[]): string[] => [...before, value]
  const command = program
    .command('serve')
    .summary('serve bundles to OPA servers')
    .description(
      'An OPA bundle server: long polling, hot reload that validates and verifies first, status and decision logs.',
    )
    .argument('[bundles...]', 'archives, as `file` or `name=file`', [])
    .option('-c, --config <file>', 'configuration with bundles, access, TLS and decision logs')
    .option('-l, --listen <address>', 'host:port (127.0.0.1:8181)')
    .option('--deltas', 'send data changes alone to clients that ask for no signature')
    .option('--once-ready', 'print the OPA configuration for this server when it is ready')
  addTrustOptions(command)
    .optionsGroup('Access:')
    .option('--token-env <name>', 'variable with a bearer token; repeatable', list, [])
    .option('--token-file <file>', 'file with bearer tokens, one a line; repeatable', list, [])
    .option('--tls-cert <file>', 'certificate in PEM')
    .option('--tls-key <file>', 'its private key in PEM')
    .option('--client-ca <file>', 'ask clients for a certificate of this authority')
    .optionsGroup('Decision logs:')
    .option('--decision-log <file>', 'append received decisions as JSON lines')
    .option('--no-redact', 'keep secrets of the decided events in them')
    .addHelpText('before', EXAMPLES)
    .action(async (bundles: string[], flags: ServeFlags) => {
      const { runServe } = await import('./serve-run.ts')
      done(await runServe(bundles, flags, io))
    })
}
