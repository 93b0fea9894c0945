/**
 * Names of service accounts and of their groups. They are names of objects in the cluster, which is
 * no secret of anybody, and which anybody may choose: nobody must be able to hide one.
 */
export function isAccount(name: string): boolean {
  return /^system:serviceaccounts?(?::[a-z0-9.-]{1,253}){1,2}$/.test(name)
}
