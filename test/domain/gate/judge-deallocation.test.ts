import { expect, test } from 'vitest';
import type { Vm } from '../../../src/domain/azure/vm.ts';
import { judgeDeallocation } from '../../../src/domain/gate/judge-deallocation.ts';
import type { VmFacts } from '../../../src/domain/gate/vm-facts.ts';
import {
  aPermission,
  aPolicy,
  aVm,
  GROUP,
  read,
  someVmFacts,
  unreadable,
  vmId,
} from '../../support/builders.ts';

const NOW_MS = Date.UTC(2026, 5, 1);
const ADDRESS = `${GROUP}/providers/Microsoft.Network/publicIPAddresses/vm-1-ip`;
const READ_ONLY = { name: 'lock', level: 'ReadOnly' };

function judge(vm: Partial<Vm>, facts: Partial<VmFacts>, policy = aPolicy()) {
  return judgeDeallocation(aVm(vm), someVmFacts(facts), policy, NOW_MS);
}

function size(differences: object) {
  const ordinary = {
    name: 'Standard_D2s_v5',
    temporaryDiskMB: 0,
    restrictedIn: 'nowhere',
  } as const;
  return { sizes: read([{ ...ordinary, ...differences }]) };
}

function dynamic(networkInterfaceId: string) {
  return { dynamicAddresses: read([{ id: ADDRESS, networkInterfaceId }]) };
}

function without(action: string) {
  return { rights: read([aPermission({ notActions: [action] })]) };
}

test('has nothing against an ordinary VM', () => {
  expect(judge({}, {})).toEqual([]);
});

test('has nothing against a scale set with a key, nor against copies of other VMs', () => {
  const scaleSet = read({ namesDiskEncryptionSets: true });
  const replicated = read([{ vmId: vmId('other'), copyIn: 'northeurope' }]);

  expect(judge({}, { scaleSet, replicated })).toEqual([]);
});

test('says in which region the copy of a VM stays on the old key', () => {
  const replicated = read([{ vmId: vmId('vm-1'), copyIn: 'northeurope' }]);

  expect(judge({}, { replicated })[0]?.message).toContain('in northeurope stays');
});

test.for<[answer: string, code: string, vm: Partial<Vm>, facts: Partial<VmFacts>]>([
  ['blocked', 'read-only-lock', {}, { locks: read([{ ...READ_ONLY, scope: vmId('VM-1') }]) }],
  ['blocked', 'read-only-lock', {}, { locks: read([{ ...READ_ONLY, scope: GROUP }]) }],
  ['blocked', 'rights-missing', {}, without('Microsoft.Compute/virtualMachines/start/action')],
  ['blocked', 'rights-missing', {}, without('microsoft.compute/*/deallocate/action')],
  ['blocked', 'rights-missing', {}, without('Microsoft.Resources/tags/*')],
  ['blocked', 'dynamic-public-ip', {}, dynamic(aVm().networkInterfaceIds[0]?.toUpperCase() ?? '')],
  ['warn', 'temporary-disk', {}, size({ temporaryDiskMB: 75_000 })],
  ['blocked', 'spot', { isSpot: true }, {}],
  ['blocked', 'size-restricted', { size: 'Standard_A1' }, {}],
  ['blocked', 'size-restricted', { size: 'STANDARD_D2S_V5' }, size({ restrictedIn: 'region' })],
  ['blocked', 'size-restricted', { zone: '2' }, size({ restrictedIn: ['1', '2'] })],
  ['warn', 'dedicated-host', { dedicatedHostId: `${GROUP}/host` }, {}],
  ['warn', 'capacity-reservation', { capacityReservationId: `${GROUP}/reserved` }, {}],
  ['warn', 'proximity-placement-group', { proximityPlacementGroupId: `${GROUP}/ppg` }, {}],
  ['warn', 'scale-set-model', {}, { scaleSet: read({ namesDiskEncryptionSets: false }) }],
  ['unreadable', 'scale-sets-unreadable', {}, { scaleSet: unreadable() }],
  ['warn', 'site-recovery', {}, { replicated: read([{ vmId: vmId('VM-1'), copyIn: null }]) }],
  ['unreadable', 'replication-unreadable', {}, { replicated: unreadable() }],
  ['warn', 'auto-shutdown', {}, { scheduledVmIds: read([vmId('VM-1')]) }],
  [
    'blocked',
    'backup-running',
    {},
    { backups: read([{ resourceGroup: 'RG-ERP', vmName: 'VM-1' }]) },
  ],
  ['unreadable', 'locks-unreadable', {}, { locks: unreadable() }],
  ['unreadable', 'rights-unreadable', {}, { rights: unreadable() }],
  ['unreadable', 'policies-unreadable', {}, { markRefusals: unreadable() }],
  ['blocked', 'denied-by-policy', {}, { markRefusals: read([{ assignmentId: 'a', reason: '' }]) }],
  ['unreadable', 'public-ips-unreadable', {}, { dynamicAddresses: unreadable() }],
  ['unreadable', 'sizes-unreadable', {}, { sizes: unreadable() }],
  ['unreadable', 'schedules-unreadable', {}, { scheduledVmIds: unreadable() }],
  ['unreadable', 'backups-unreadable', {}, { backups: unreadable() }],
  [
    'unreadable',
    'backups-unreadable',
    {},
    without('Microsoft.RecoveryServices/vaults/backupJobs/read'),
  ],
])('%s: %s', ([answer, code, vm, facts]) => {
  expect(judge(vm, facts)).toEqual([
    expect.objectContaining({ answer, code, target: vmId('vm-1'), docs: expect.any(String) }),
  ]);
});

test.for<[what: string, vm: Partial<Vm>, facts: Partial<VmFacts>]>([
  [
    'a lock against deletion',
    {},
    { locks: read([{ ...READ_ONLY, level: 'CanNotDelete', scope: GROUP }]) },
  ],
  ['a lock on another VM', {}, { locks: read([{ ...READ_ONLY, scope: vmId('vm-10') }]) }],
  ['a dynamic address of another VM', {}, dynamic(`${GROUP}/nic`)],
  ['a restriction of other zones', { zone: '3' }, size({ restrictedIn: ['1', '2'] })],
  ['a restriction of zones that it is in none of', { zone: null }, size({ restrictedIn: ['1'] })],
  ['a schedule of another VM', {}, { scheduledVmIds: read([vmId('vm-2')]) }],
  ['a backup of its namesake', {}, { backups: read([{ resourceGroup: 'rg', vmName: 'vm-1' }]) }],
])('has nothing against a VM for %s', ([, vm, facts]) => {
  expect(judge(vm, facts)).toEqual([]);
});

test('a right that one role takes out another may give', () => {
  const rights = read([aPermission({ notActions: ['*/start/action'] }), aPermission()]);

  expect(judge({}, { rights })).toEqual([]);
});

test('each risk warns or blocks as the policy says', () => {
  const risks = { ...aPolicy().risks, spot: 'warn', 'auto-shutdown': 'block' } as const;
  const facts = { scheduledVmIds: read([vmId('vm-1')]) };

  const verdicts = judge({ isSpot: true }, facts, aPolicy({ risks }));

  expect(verdicts.map(({ code, answer }) => [code, answer])).toEqual([
    ['auto-shutdown', 'blocked'],
    ['spot', 'warn'],
  ]);
});

test('what is exempt warns, and says by whom until when', () => {
  const entry = { check: 'spot', scope: GROUP, owner: 'erp-team', reason: 'cheap' };
  const until = (untilMs: number) => aPolicy({ exemptions: [{ ...entry, untilMs }] });

  const [exempt] = judge({ isSpot: true }, {}, until(Date.UTC(2026, 6, 1)));
  const [expired] = judge({ isSpot: true }, {}, until(NOW_MS));

  expect(exempt).toMatchObject({
    answer: 'warn',
    message: expect.stringContaining('Exempted by erp-team until 2026-06-30: cheap'),
  });
  expect(expired).toMatchObject({ answer: 'blocked' });
});

test('an address on any of its network interfaces counts', () => {
  const nic = (name: string) => `${GROUP}/providers/Microsoft.Network/networkInterfaces/${name}`;
  const vm = { networkInterfaceIds: [nic('one'), nic('two')] };

  for (const name of ['one', 'two']) {
    expect(judge(vm, dynamic(nic(name)))).toMatchObject([{ code: 'dynamic-public-ip' }]);
  }
});
