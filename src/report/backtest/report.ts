import type { Paint } from '../reporter.ts'
import { githubBacktest } from './github.ts'
import { jsonBacktest } from './json.ts'
import { markdownBacktest } from './markdown.ts'
import { prettyBacktest } from './pretty.ts'
import type { BacktestReport } from './texts.ts'

export type BacktestFormat = 'pretty' | 'json' | 'markdown' | 'github'

/** The formats of `parapet backtest --format`. */
export const backtestFormats: Readonly<
  Record<BacktestFormat, (report: BacktestReport, paint: Paint) => string>
> = {
  pretty: prettyBacktest,
  json: jsonBacktest,
  markdown: markdownBacktest,
  github: githubBacktest,
}
