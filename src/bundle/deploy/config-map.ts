import { blockScalar, scalar } from './yaml-text.ts'

/** A ConfigMap of files, as lines of YAML. */
export function configMap(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  files: readonly { readonly name: string; readonly text: string }[],
): string[] {
  return [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata:',
    `  name: ${scalar(name)}`,
    `  namespace: ${scalar(namespace)}`,
    'data:',
    ...files.flatMap((file) => keyed(file.name, file.text, 2)),
  ]
}

/** A key with a text of several lines, at `indent` blanks. */
export function keyed(key: string, text: string, indent: number): string[] {
  const [marker, ...lines] = blockScalar(text, indent)
  return [`${' '.repeat(indent)}${scalar(key)}: ${marker}`, ...lines]
}
