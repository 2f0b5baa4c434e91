/** What a call asks for, in the words of role definitions, and on what. */
export interface AskedAction {
  readonly action: string;
  readonly scope: string;
}

const VERBS: Readonly<Record<string, string>> = {
  GET: 'read',
  HEAD: 'read',
  PUT: 'write',
  PATCH: 'write',
  DELETE: 'delete',
};

/** Views and lists below a resource that a role must name. */
const OWN_ACTIONS = new Set([
  'instanceView',
  'extensions',
  'virtualMachines',
  'backupJobs',
  'descendants',
  'subscriptions',
]);

/** Lists that show everybody what they may see, and signed polling URLs. */
const FREE =
  /^\/(subscriptions|tenants|subscriptions\/[^/]+\/(resourceGroups|resources|operationresults\/[^/]+|locations|providers(\/[^/]+)?|providers\/Microsoft\.Compute\/locations\/[^/]+\/\w*operations\/[^/]+|providers\/Microsoft\.EventGrid(\/locations\/[^/]+)?\/operation(sStatus|Results)\/[^/]+))\/?$/i;

/**
 * Management groups that one may see, built-in policies, and what one may do oneself; that the last
 * takes no right is assumed.
 */
const FREE_ABOVE =
  /^\/providers\/Microsoft\.(Management\/managementGroups|Authorization\/policyDefinitions(\/[^/]+)?)\/?$|\/providers\/Microsoft\.Authorization\/permissions\/?$/i;

/** A POST that changes nothing. Source: "Azure resource provider operations", Policy Insights. */
const CHECK = /\/providers\/Microsoft\.PolicyInsights\/checkPolicyRestrictions\/?$/i;

/** Resource Graph finds what the caller may read. */
const GRAPH = /^\/providers\/Microsoft\.ResourceGraph\/resources\/?$/i;

/**
 * The action behind a method and a path: `Microsoft.Compute/disks/write` on the disk. `null` for
 * what everybody may ask.
 *
 * Source: "Azure resource provider operations"; the scope of a list is what it is a list of.
 */
export function actionOf(method: string, path: string): AskedAction | null {
  if (GRAPH.test(path) || isFree(method, path)) return null;
  const at = path.toLowerCase().lastIndexOf('/providers/');
  if (at < 0) return onGroupOrSubscription(method, path);
  const [namespace = '', ...segments] = path.slice(at + '/providers/'.length).split('/');
  const types = segments.filter((_, index) => index % 2 === 0);
  const parent = path.slice(0, at) || '/';
  const [word = ''] = types.slice(-1);
  const named = segments.length % 2 === 0;
  if (method === 'POST') {
    if (isCheck(path)) return { action: `${namespace}/${types.join('/')}/read`, scope: parent };
    const scope = path.slice(0, path.lastIndexOf('/'));
    return { action: `${namespace}/${types.join('/')}/action`, scope };
  }
  const action = `${namespace}/${types.join('/')}/${VERBS[method] ?? 'action'}`;
  // A view of a resource is read on the resource itself; few of them are an action of their own.
  if (!named && types.length > 1) {
    const scope = path.slice(0, -(word.length + 1));
    const whole = `${namespace}/${types.slice(0, -1).join('/')}/read`;
    return { action: OWN_ACTIONS.has(word) ? action : whole, scope };
  }
  return { action, scope: named ? path : parent };
}

/** Whether a POST to a path only asks. */
export function isCheck(path: string): boolean {
  return CHECK.test(path);
}

function isFree(method: string, path: string): boolean {
  return method === 'GET' && (FREE.test(path) || FREE_ABOVE.test(path));
}

function onGroupOrSubscription(method: string, path: string): AskedAction {
  const [, , , groups, group, rest] = path.split('/');
  const verb = VERBS[method] ?? 'action';
  const prefix = 'Microsoft.Resources/subscriptions';
  const type = groups ? `${prefix}/${group ? 'resourceGroups' : groups}` : prefix;
  const below = rest ? `/${rest}` : '';
  const scope = path
    .split('/')
    .slice(0, group ? 5 : 3)
    .join('/');
  return { action: `${type}${below}/${verb}`, scope };
}
