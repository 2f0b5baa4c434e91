import { type JsonObject, objectAt } from '../resources/json.ts';

/** Open to all, to Azure's own services alone, or to nobody but listed networks. */
export type Firewall = 'none' | 'trusted-services' | 'closed';

/** Whom the rules of a vault let in. Source: "Configure Azure Key Vault networking settings". */
export function firewallOf(networkAcls: JsonObject | null, publicAccess: string): Firewall {
  const open = networkAcls === null || isWord(networkAcls['defaultAction'], 'allow');
  if (open && isWord(publicAccess, 'enabled')) return 'none';
  return networkAcls !== null && isWord(networkAcls['bypass'], 'none')
    ? 'closed'
    : 'trusted-services';
}

/** The rules that make such a firewall; `null` where no rule was ever made. */
export function rulesFor(firewall: Firewall): JsonObject | null {
  if (firewall === 'none') return null;
  return {
    bypass: firewall === 'closed' ? 'None' : 'AzureServices',
    defaultAction: 'Deny',
    ipRules: [],
    virtualNetworkRules: [],
  };
}

/** Rules as a request gives them, with what it leaves out. */
export function networkAclsIn(properties: JsonObject): JsonObject {
  return {
    bypass: 'AzureServices',
    defaultAction: 'Allow',
    ipRules: [],
    virtualNetworkRules: [],
    ...objectAt(properties, 'networkAcls'),
  };
}

function isWord(value: unknown, word: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === word;
}
