/** Labels whose values are names of objects, of applications or of nodes. */
const NAMING =
  /^(?:app|name|run|k8s-app|release|instance|job-name|pod-name|service|app\.kubernetes\.io\/(?:name|instance|part-of)|batch\.kubernetes\.io\/job-name|statefulset\.kubernetes\.io\/pod-name|kubernetes\.io\/(?:hostname|metadata\.name|service-name)|helm\.sh\/release|endpointslice\.kubernetes\.io\/skip-mirror-service)$/

/** True for a label whose value is a name. */
export function isNamingLabel(key: string): boolean {
  return NAMING.test(key)
}

/** True for a field of `fieldSelector` whose value is a name. */
export function isNamingField(field: string): boolean {
  return /(?:^|\.)(?:name|namespace|nodeName|serviceAccountName|podName)$/.test(field)
}
