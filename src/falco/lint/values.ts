/** What the values of fields look like, to find literals that no event can hold. */
import { nearest } from '../../text/nearest.ts'
import type { ResolvedField } from '../fields/resolve.ts'
import { auditInfo } from '../rules/fields-used.ts'

export interface Impossible {
  readonly message: string
  readonly help: string
}

/** Why a field is never equal to `value`; undefined where it may be. */
export function impossible(field: ResolvedField, value: string): Impossible | undefined {
  const name = auditInfo(field)?.name
  if (name === undefined) return undefined
  const words = WORDS[name]
  if (words) return words.includes(value) ? undefined : notAmong(field, value, words)
  if (name === 'ka.target.resource') return resourceProblem(value)
  if (name === 'ka.target.subresource') return subresourceProblem(value)
  const form = FORMS.find(({ of }) => of.test(name))
  if (!form || form.like.test(value)) return undefined
  const { info } = field
  return { message: `\`${info.name}\` is never \`${value}\`: it is ${form.what}`, help: form.help }
}

const TRUTH = ['true', 'false']

/** Fields with few values. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'ka.stage': ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'],
  // Requests that are not about resources have the HTTP method.
  'ka.verb':
    'get list watch create update patch delete deletecollection post put head options trace connect proxy'.split(
      ' ',
    ),
  'ka.auth.decision': ['allow', 'forbid'],
  'ka.req.service.type': ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
  'ka.req.volume.hostpath': TRUTH,
  'ka.req.container.privileged': TRUTH,
  'ka.req.binding.subject.has_name': ['true'],
}

interface Form {
  readonly of: RegExp
  readonly like: RegExp
  readonly what: string
  readonly help: string
}

const FORMS: readonly Form[] = [
  {
    of: /\.(?:privileged|allow_privilege_escalation|read_only_fs|host_(?:ipc|network|pid))$/,
    like: /^(?:true|false|null)$/,
    what: 'the text `true` or `false`',
    help: 'write `true` or `false`, in lower case',
  },
  {
    of: /\.add_capabilities$/,
    like: /^\[/,
    what: 'the JSON text of a container’s whole array, such as `["SYS_ADMIN"]`',
    help: 'search in `join(",", …)` of the field by `contains`',
  },
  {
    of: /^ka\.req\.service\.ports$/,
    like: /^\[/,
    what: 'the JSON text of the whole array',
    help: 'search in `join(",", …)` of the field by `contains`',
  },
  {
    of: /^ka\.req\.(?:binding\.subjects|role\.rules)$/,
    like: /^\{/,
    what: 'the JSON text of an object',
    help: 'use the more special fields, such as `ka.req.binding.subjects.user_names` or `ka.req.role.rules.verbs`',
  },
  {
    of: /\.serviceaccount_ns_names$/,
    like: /:/,
    what: 'namespace and name with a colon between',
    help: 'write it as `namespace:name`',
  },
  {
    of: /^ka\.response\.code$/,
    like: /^[1-9][0-9]{2}$/,
    what: 'a status code of three digits',
    help: 'write the code alone, such as `403`',
  },
  {
    of: /\.(?:run_as_user|run_as_group|eff_run_as_user|eff_run_as_group|fs_group|supplemental_groups|host_port)$/,
    like: /^-?[0-9]+$|^null$/,
    what: 'a number as text',
    help: 'names of users and groups are not in audit events; write the number',
  },
]

function notAmong(field: ResolvedField, value: string, words: readonly string[]): Impossible {
  const { info } = field
  const permission = info.name === 'ka.verb' && PERMISSIONS.includes(value)
  const meant = nearest(value.slice(0, 50), words)
  return {
    message: `\`${info.name}\` is never \`${value}\``,
    help: permission
      ? 'that is a permission of RBAC, and no verb of requests; look at `ka.target.subresource` or `ka.impuser.name`'
      : meant
        ? `did you mean \`${meant}\`?`
        : `it is one of ${words.join(', ')}`,
  }
}

const PERMISSIONS = ['impersonate', 'bind', 'escalate', 'approve', 'sign', 'use', 'exec', 'attach']

/** Resources that rules name in the singular by mistake. */
const RESOURCES: readonly string[] = `
  pods secrets configmaps services serviceaccounts namespaces nodes deployments daemonsets
  statefulsets replicasets jobs cronjobs events roles rolebindings clusterroles clusterrolebindings
  ingresses endpoints networkpolicies persistentvolumes persistentvolumeclaims storageclasses
  validatingwebhookconfigurations mutatingwebhookconfigurations customresourcedefinitions
  certificatesigningrequests leases`
  .trim()
  .split(/\s+/)

function resourceProblem(value: string): Impossible | undefined {
  const [resource, subresource] = value.split('/')
  if (subresource !== undefined) {
    return {
      message: `\`ka.target.resource\` is never \`${value}\`: the part behind the slash is not in it`,
      help: `compare \`ka.target.resource\` with \`${resource}\` and \`ka.target.subresource\` with \`${subresource}\``,
    }
  }
  const lowered = value.toLowerCase()
  const plural = RESOURCES.find((known) =>
    [`${lowered}s`, `${lowered}es`, lowered.replace(/y$/, 'ies'), lowered].includes(known),
  )
  if (value === lowered && (plural === undefined || plural === value)) return undefined
  return {
    message: `\`ka.target.resource\` is never \`${value}\`: resources are plural and in lower case`,
    help: `write \`${plural ?? lowered}\``,
  }
}

function subresourceProblem(value: string): Impossible | undefined {
  if (value === value.toLowerCase() && !value.startsWith('/')) return undefined
  const right = value.toLowerCase().replace(/^\/+/, '')
  return {
    message: `\`ka.target.subresource\` is never \`${value}\``,
    help: `write \`${right}\``,
  }
}
