import type { JsonObject } from '../resources/json.ts';
import type { PolicyDefinition } from './policy-definition.ts';
import { readPolicyRule } from './policy-rule.ts';

const DISK = 'Microsoft.Compute/disks';
const VM = 'Microsoft.Compute/virtualMachines';
const SET = 'Microsoft.Compute/diskEncryptionSets';
const OS_DISK_SET = `${VM}/storageProfile.osDisk.managedDisk.diskEncryptionSet.id`;
const DATA_DISK = `${VM}/storageProfile.dataDisks[*].managedDisk`;
const THEN = { effect: "[parameters('effect')]" };
const EFFECT = {
  type: 'string',
  defaultValue: 'Audit',
  allowedValues: ['Audit', 'Deny', 'Disabled'],
};

/**
 * The built-in policies about customer-managed keys of disks: IDs, names, parameters and what they
 * decide are Azure's, the rules are written anew and leave out the types that are not simulated.
 *
 * Source: Azure/azure-policy, policyDefinitions/Compute, 2026-04.
 */
export const BUILT_IN_POLICIES: readonly PolicyDefinition[] = [
  builtIn(
    '702dd420-7fcc-42c5-afe8-4026edd20fe0',
    'OS and data disks should be encrypted with a customer-managed key',
    '3.0.0',
    {},
    {
      anyOf: [
        ofType(VM, { field: OS_DISK_SET, exists: 'false' }),
        ofType(
          VM,
          // A list that is empty passes whatever is asked of its elements.
          { not: { field: `${DATA_DISK}.diskEncryptionSet.id`, exists: 'true' } },
          { field: `${DATA_DISK}.id`, exists: 'false' },
          { field: `${DATA_DISK}.diskEncryptionSet.id`, exists: 'false' },
        ),
        ofType(DISK, { field: `${DISK}/encryption.diskEncryptionSetId`, exists: 'false' }),
      ],
    },
  ),
  builtIn(
    'd461a302-a187-421a-89ac-84acdb4edc04',
    'Managed disks should use a specific set of disk encryption sets for the customer-managed key encryption',
    '2.0.0',
    { allowedEncryptionSets: { type: 'Array' } },
    {
      anyOf: [
        ofType(
          DISK,
          { field: `${DISK}/managedBy`, exists: 'false' },
          notAllowed(`${DISK}/encryption.diskEncryptionSetId`),
        ),
        ofType(VM, notAllowed(OS_DISK_SET)),
      ],
    },
  ),
  builtIn(
    'ca91455f-eace-4f96-be59-e6e2c35b4816',
    'Managed disks should be double encrypted with both platform-managed and customer-managed keys',
    '1.0.0',
    {},
    ofType(SET, {
      field: `${SET}/encryptionType`,
      notEquals: 'EncryptionAtRestWithPlatformAndCustomerKeys',
    }),
  ),
  builtIn(
    'fc4d8e41-e223-45ea-9bf5-eada37891d87',
    'Virtual machines and virtual machine scale sets should have encryption at host enabled',
    '1.0.0',
    {},
    ofType(VM, { field: `${VM}/securityProfile.encryptionAtHost`, notEquals: 'true' }),
  ),
];

function builtIn(
  name: string,
  displayName: string,
  version: string,
  parameters: JsonObject,
  condition: JsonObject,
): PolicyDefinition {
  // biome-ignore lint/suspicious/noThenProperty: it is Azure Policy's word.
  const policyRule = { if: condition, then: THEN };
  return {
    id: `/providers/Microsoft.Authorization/policyDefinitions/${name}`,
    name,
    displayName,
    policyType: 'BuiltIn',
    mode: 'Indexed',
    version,
    metadata: { version, category: 'Compute' },
    parameters: { ...parameters, effect: EFFECT },
    policyRule,
    rule: readPolicyRule(policyRule),
  };
}

function ofType(type: string, ...conditions: readonly JsonObject[]): JsonObject {
  return { allOf: [{ field: 'type', equals: type }, ...conditions] };
}

function notAllowed(field: string): JsonObject {
  return { field, notIn: "[parameters('allowedEncryptionSets')]" };
}
