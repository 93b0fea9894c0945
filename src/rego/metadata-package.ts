import type { LocatedDiagnostic } from '../text/diagnostic.ts'
import type { DescribedModule } from './metadata.ts'

const LAYOUT = 'guardrails/<category>/<name>/<name>.rego holds package guardrails.<category>.<name>'

/** What is wrong with a guardrail's package, its rule or its place, before its METADATA is read. */
export function packageDiagnostics(modules: readonly DescribedModule[]): LocatedDiagnostic[] {
  const { package: names, file, line } = modules[0]!
  const name = names.join('.')
  if (names.length === 1) return modules.map(taken)
  if (names.length !== 3 || !names.every((part) => /^[A-Za-z_]\w*$/.test(part))) {
    return [
      {
        code: 'GUARDRAIL_PACKAGE',
        severity: 'error',
        message: `package \`${name}\` is not named guardrails.<category>.<name>`,
        file,
        line,
        help: 'move helpers to a package outside `guardrails`, such as `lib`',
      },
    ]
  }
  if (!modules.some((module) => module.rules.some((rule) => rule.name === 'violation'))) {
    return [
      {
        code: 'GUARDRAIL_VIOLATION_MISSING',
        severity: 'error',
        message: `package \`${name}\` has no rule \`violation\``,
        file,
        line,
        help: 'write `violation contains {"id": …, "priority": …, "message": …} if { … }`',
      },
    ]
  }
  return modules.filter(isMisplaced).map((module) => ({
    code: 'GUARDRAIL_FOLDER',
    severity: 'warning',
    message: `package \`${name}\` is in folder \`${folderOf(module).join('/')}\``,
    file: module.file,
    line: module.line,
    help: LAYOUT,
  }))
}

function taken({ file, line }: DescribedModule): LocatedDiagnostic {
  return {
    code: 'GUARDRAIL_UNION_TAKEN',
    severity: 'error',
    message: 'package `guardrails` is written by hand',
    file,
    line,
    help: 'Parapet generates it, one line for each guardrail: remove the file, or name the decision to take with --decision',
  }
}

/** A file at the root of its policy may hold any guardrail; one in a folder belongs where it says. */
function isMisplaced(module: DescribedModule): boolean {
  const folder = folderOf(module)
  const wanted = module.package.slice(-folder.length)
  return folder.some((part, i) => part !== wanted[i])
}

/** The last folders of a module's path, at most category and name. */
function folderOf(module: DescribedModule): string[] {
  return module.path.split('/').slice(0, -1).slice(-2)
}
