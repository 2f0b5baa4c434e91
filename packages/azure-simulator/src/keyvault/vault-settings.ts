import { ArmError } from '../arm/arm-error.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../resources/json.ts';
import { readPolicies } from './access-policy.ts';
import { networkAclsIn } from './firewall.ts';
import type { VaultSettings } from './vault.ts';

const ENABLED_FOR = [
  'enabledForDeployment',
  'enabledForDiskEncryption',
  'enabledForTemplateDeployment',
];

/**
 * What a request makes of a vault's settings: of none for a new one, else what it does not name
 * stays.
 *
 * Source: REST reference, Vaults – Create Or Update, Update; texts from public reports, but for
 * those about soft delete and its days: assumed.
 *
 * @throws ArmError 400
 */
export function settingsIn(properties: JsonObject, old: VaultSettings | null): VaultSettings {
  refuseLessProtection(properties, old);
  const rbac = flagIn(properties, 'enableRbacAuthorization') ?? old?.rbac ?? false;
  const tenantId = textAt(properties, 'tenantId') ?? old?.tenantId;
  if (!tenantId) throw badVault("An invalid value was provided for 'tenantId'.");
  const sku = textAt(objectAt(properties, 'sku'), 'name')?.toLowerCase() ?? old?.sku;
  if (sku !== 'standard' && sku !== 'premium') {
    throw badVault("An invalid value was provided for 'sku'.");
  }
  const { accessPolicies } = properties;
  if (accessPolicies === undefined && old === null && !rbac) {
    throw badVault("An invalid value was provided for 'accessPolicies'.");
  }
  const enabledFor = ENABLED_FOR.flatMap((name) => {
    const value = flagIn(properties, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    tenantId,
    sku,
    rbac,
    purgeProtection: flagIn(properties, 'enablePurgeProtection') ?? old?.purgeProtection ?? false,
    networkAcls: isObject(properties['networkAcls'])
      ? networkAclsIn(properties)
      : (old?.networkAcls ?? null),
    publicNetworkAccess:
      textAt(properties, 'publicNetworkAccess') ?? old?.publicNetworkAccess ?? 'Enabled',
    accessPolicies:
      accessPolicies === undefined ? (old?.accessPolicies ?? []) : readPolicies(accessPolicies),
    enabledFor: { ...old?.enabledFor, ...Object.fromEntries(enabledFor) },
  };
}

/** Days that deleted things are kept, of a new vault. */
export function retentionIn(properties: JsonObject): number {
  const days = properties['softDeleteRetentionInDays'] ?? 90;
  if (typeof days === 'number' && Number.isInteger(days) && days >= 7 && days <= 90) return days;
  throw badVault('The property "softDeleteRetentionInDays" must be between 7 and 90.');
}

/** What protects from loss stays for good. Source: the text of a public report. */
function refuseLessProtection(properties: JsonObject, old: VaultSettings | null): void {
  if (properties['enablePurgeProtection'] === false && (old === null || old.purgeProtection)) {
    throw badVault(
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    );
  }
  if (properties['enableSoftDelete'] === false) {
    throw badVault(
      'The property "enableSoftDelete" can be set to false only for creating new vault. Enabling the \'soft delete\' functionality is an irreversible action.',
    );
  }
}

function flagIn(properties: JsonObject, name: string): boolean | undefined {
  const value = properties[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw badVault('Bad JSON content found in the request.');
}

export function badVault(message: string): ArmError {
  return new ArmError(400, 'BadRequest', message);
}
