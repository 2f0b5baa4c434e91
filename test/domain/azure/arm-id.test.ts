import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DISK_TYPE,
  nameOf,
  parseArmId,
  parseArmScope,
  sameId,
  VM_TYPE,
} from '../../../src/domain/azure/arm-id.ts';
import { diskId, GROUP, SUBSCRIPTION, setId, vmId } from '../../support/builders.ts';

const COMPUTE = `${GROUP}/providers/Microsoft.Compute`;

describe('parseArmId', () => {
  test.for<[type: string, id: string]>([
    [DISK_TYPE, diskId('data-1')],
    [DISK_TYPE, diskId('data-1').toLowerCase()],
    [DISK_TYPE, diskId('data-1').toUpperCase()],
    [VM_TYPE, vmId('vm-1')],
    [VM_TYPE, vmId('vm-1').replace('resourceGroups', 'resourcegroups')],
    ['microsoft.compute/diskencryptionsets', setId('des-weu')],
    ['microsoft.keyvault/vaults', `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-weu`],
  ])('reads the type in whatever case: %s', ([type, id]) => {
    expect(parseArmId(id)).toMatchObject({ id, type });
  });

  test('takes an ID apart and keeps the case of its parts', () => {
    const id = `/SUBSCRIPTIONS/${SUBSCRIPTION.toUpperCase()}/resourcegroups/RG-Erp/PROVIDERS/microsoft.COMPUTE/Disks/Data_1.x`;

    expect(parseArmId(id)).toEqual({
      id,
      subscriptionId: SUBSCRIPTION.toUpperCase(),
      resourceGroup: 'RG-Erp',
      type: DISK_TYPE,
      name: 'Data_1.x',
    });
  });

  test('drops one trailing slash', () => {
    expect(parseArmId(`${diskId('data-1')}/`)?.id).toBe(diskId('data-1'));
  });

  test.for<[part: string, resourceGroup: string, name: string]>([
    ['parentheses in a group', 'rg(1)_a.b-c', 'd'],
    ['other scripts', 'groupe-été', 'диск-1'],
    ['90 characters', 'g'.repeat(90), 'n'.repeat(90)],
    ['dots among letters', '..rg..', '..d..'],
  ])('allows what Azure allows in names: %s', ([, resourceGroup, name]) => {
    const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/disks/${name}`;

    expect(parseArmId(id)).toMatchObject({ resourceGroup, name });
  });

  test.for<[trick: string, text: string]>([
    ['nothing', ''],
    ['a slash', '/'],
    ['a name alone', 'data-1'],
    ['no leading slash', diskId('data-1').slice(1)],
    ['a URL', `https://management.azure.com${diskId('data-1')}`],
    ['space around', ` ${diskId('data-1')} `],
    ['no name', `${COMPUTE}/disks`],
    ['an empty name', `${COMPUTE}/disks/`],
    ['no type', COMPUTE],
    ['no provider', `${GROUP}/providers/disks/data-1`],
    ['no group', diskId('data-1', `/subscriptions/${SUBSCRIPTION}`)],
    ['an empty group', diskId('data-1', `/subscriptions/${SUBSCRIPTION}/resourceGroups/`)],
    ['a subscription that is no GUID', diskId('data-1').replace(SUBSCRIPTION, 'prod')],
    ['a child resource', `${vmId('vm-1')}/extensions/x`],
    ['a child with no name', `${vmId('vm-1')}/extensions`],
    ['an action', `${vmId('vm-1')}/deallocate`],
    ['an extension resource', `${vmId('vm-1')}/providers/Microsoft.Insights/settings/x`],
    ['two trailing slashes', `${diskId('data-1')}//`],
    ['an inner double slash', diskId('data-1').replace('/disks', '//disks')],
    ['a dot as name', diskId('.')],
    ['dots as name', diskId('..')],
    ['many dots as name', diskId('....')],
    ['dots as group', diskId('data-1', `/subscriptions/${SUBSCRIPTION}/resourceGroups/..`)],
    ['a way up', `${COMPUTE}/disks/x/../y`],
    ['an encoded way up', diskId('%2e%2e')],
    ['an encoded slash', diskId('a%2fb')],
    ['a query', `${diskId('data-1')}?api-version=1`],
    ['a fragment', `${diskId('data-1')}#x`],
    ['a backslash', diskId('a\\b')],
    ['a space', diskId('a b')],
    ['a colon', diskId('a:b')],
    ['a semicolon', diskId('a;b')],
    ['an at sign', diskId('a@b')],
    ['a quote', diskId("a'b")],
    ['NUL', diskId('a\0')],
    ['a newline', `${diskId('data-1')}\n`],
    ['a newline before a slash', `${diskId('data-1')}\n/`],
    ['a second line', `${diskId('a')}\n${diskId('b')}`],
    ['parentheses in a name', diskId('a(1)')],
    ['a name too long', diskId('n'.repeat(91))],
    ['10 kB', diskId('n'.repeat(10_000))],
    ['10 kB of segments', diskId('a/'.repeat(5_000))],
    ['a full-width slash', diskId('a\uff0fb')],
    ['a full-width dot', diskId('\uff0e\uff0e')],
    ['a right-to-left mark', diskId('a\u202eb')],
    ['a zero-width space', diskId('a\u200bb')],
    ['half a surrogate pair', diskId('a\ud800')],
    ['an emoji', diskId('💽')],
    ['a Kelvin sign in the type', diskId('data-1').replace('disks', 'dis\u212as')],
    ['a long s in the path', diskId('data-1').replace('subscriptions', '\u017fubscriptions')],
    ['a long s in the type', diskId('data-1').replace('disks', 'di\u017fks')],
    ['a Cyrillic letter in the provider', diskId('data-1').replace('Compute', 'C\u043empute')],
    ['full-width digits in the GUID', diskId('data-1').replace('0b1f', '\uff10b1f')],
  ])('refuses %s', ([, text]) => {
    expect(parseArmId(text)).toBeNull();
    expect(parseArmScope(text)).toBeNull();
  });

  test('takes neither a group nor a subscription for a resource', () => {
    expect(parseArmId(GROUP)).toBeNull();
    expect(parseArmId(`/subscriptions/${SUBSCRIPTION}`)).toBeNull();
  });

  test('accepts nothing that changes its meaning in a URL, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearlyAnArmId()), (text) => {
        const parsed = parseArmId(text);
        if (parsed === null) return;

        const { id } = parsed;
        const others = id.match(/[^\p{ASCII}]+/gu) ?? [];
        const segments = id.split('/');
        // One comparison for each text: an assertion costs more than all that it looks at.
        expect({
          letters: others.every((part) => /^[\p{L}\p{M}\p{N}\p{Pc}]+$/u.test(part)),
          ascii: /^[A-Za-z0-9/_.()-]+$/.test(id.replace(/[^\p{ASCII}]+/gu, 'x')),
          climbs: segments.includes('.') || segments.includes('..'),
          segments: segments.length,
          path: decodeURIComponent(new URL(id, 'https://management.azure.com').pathname),
        }).toEqual({ letters: true, ascii: true, climbs: false, segments: 9, path: id });
      }),
      { numRuns: 1_000 },
    );
  });

  test('the property above is about IDs that are accepted, too', () => {
    const accepted = fc
      .sample(nearlyAnArmId(), { numRuns: 500, seed: 1 })
      .filter((text) => parseArmId(text) !== null);

    expect(accepted.length).toBeGreaterThan(20);
    expect(accepted.length).toBeLessThan(480);
  });
});

describe('parseArmScope', () => {
  test.for<[kind: string, id: string]>([
    ['disk', diskId('data-1')],
    ['disk', diskId('data-1').toLowerCase()],
    ['vm', vmId('vm-1')],
    ['vm', vmId('vm-1').toUpperCase()],
    ['resource-group', GROUP],
    ['resource-group', GROUP.toLowerCase()],
    ['subscription', `/subscriptions/${SUBSCRIPTION}`],
    ['subscription', `/Subscriptions/${SUBSCRIPTION.toUpperCase()}`],
  ])('reads a %s, with and without a trailing slash', ([kind, id]) => {
    expect(parseArmScope(id)).toMatchObject({ kind, id });
    expect(parseArmScope(`${id}/`)).toMatchObject({ kind, id });
    expect(parseArmScope(`${id}//`)).toBeNull();
  });

  test('names the group of a resource group', () => {
    expect(parseArmScope(GROUP)).toEqual({
      kind: 'resource-group',
      id: GROUP,
      subscriptionId: SUBSCRIPTION,
      resourceGroup: 'rg-erp',
    });
  });

  test.for<[what: string, text: string]>([
    ['another resource', setId('des-weu')],
    ['another provider', diskId('data-1').replace('Microsoft.Compute', 'Contoso.Compute')],
    ['a snapshot', `${COMPUTE}/snapshots/s`],
    ['a scale set', `${COMPUTE}/virtualMachineScaleSets/s`],
    ['a management group', '/providers/Microsoft.Management/managementGroups/root'],
    ['all subscriptions', '/subscriptions'],
    ['dots as group', `/subscriptions/${SUBSCRIPTION}/resourceGroups/..`],
    ['a query on a group', `${GROUP}?x`],
    ['a query on a subscription', `/subscriptions/${SUBSCRIPTION}?x`],
    ['a line after a subscription', `/subscriptions/${SUBSCRIPTION}\n`],
    ['a long s in a subscription', `/\u017fubscriptions/${SUBSCRIPTION}`],
    ['a long s in a group', GROUP.replace('resource', 're\u017fource')],
  ])('refuses %s', ([, text]) => {
    expect(parseArmScope(text)).toBeNull();
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearlyAnArmId()), (text) => {
        expect(() => parseArmScope(text)).not.toThrow();
      }),
    );
  });
});

test('two spellings of an ID are the same, two resources are not', () => {
  expect(sameId(diskId('data-1'), diskId('data-1').toUpperCase())).toBe(true);
  expect(sameId(diskId('data-1'), diskId('data-2'))).toBe(false);
});

test.for<[id: string, name: string]>([
  [diskId('data-1'), 'data-1'],
  ['data-1', 'data-1'],
  ['', ''],
])('names %j by its last segment', ([id, name]) => {
  expect(nameOf(id)).toBe(name);
});

/** IDs that are right but for a few segments, and many that are just right. */
function nearlyAnArmId(): fc.Arbitrary<string> {
  const segment = fc.oneof(
    { weight: 6, arbitrary: fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/) },
    { weight: 2, arbitrary: fc.stringMatching(/^[\p{L}\p{N}]{1,5}$/u) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
    { weight: 1, arbitrary: fc.constantFrom('.', '..', '%2e%2e', '', '\u212a', '\u017f') },
  );
  const type = fc.constantFrom('disks', 'virtualMachines', 'Disks', 'dis\u212as');
  const end = fc.constantFrom('', '', '', '/', '//', '\n', '?x', '#x', '/extensions/x');
  return fc
    .tuple(segment, type, segment, end)
    .map(
      ([group, kind, name, rest]) =>
        `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Compute/${kind}/${name}${rest}`,
    );
}

test.for([
  ['disk', diskId('d')],
  ['vm', vmId('v')],
] as const)('a scope that is a %s tells its subscription', ([kind, id]) => {
  expect(parseArmScope(id)).toEqual({ kind, id, subscriptionId: SUBSCRIPTION });
});
