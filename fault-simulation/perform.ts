import { befall } from './befall.ts';
import { vaultOf } from './draw-estate.ts';
import type { Stage } from './stage.ts';
import { type Act, CALLS, GROUP_ID, vmIdOf } from './story.ts';

const MINUTE_MS = 60_000;
const APPROVER = { objectId: '6d1c7a90-52f4-4b3e-9a08-c4e2f1d7b586', name: 'Ada' };
const PEOPLE = { authorization: 'Bearer static', 'content-type': 'application/json' };

type Acts<Name extends Act['act']> = Extract<Act, { act: Name }>;

/** Carries out an act. What Azure refuses its owners is none of the story's business. */
export async function perform(stage: Stage, act: Act, vmOfCall: string): Promise<void> {
  switch (act.act) {
    case 'fault':
      orderFault(stage, act);
      break;
    case 'event-fault':
      orderEventFault(stage, act);
      break;
    case 'start':
    case 'deallocate':
    case 'powerOff':
      return write(stage, 'POST', `${vmOf(act, vmOfCall)}/${act.act}`);
    case 'delete':
      return write(stage, 'DELETE', vmOf(act, vmOfCall));
    case 'attach':
    case 'detach':
      return moveDisk(stage, act);
    case 'snapshot':
      return takeSnapshot(stage, act.disk);
    case 'drop-snapshot':
      return write(stage, 'DELETE', snapshotIdOf(act.disk));
    case 'tag':
    case 'untag':
      return changeTag(stage, act, act.target ?? vmOfCall);
    case 'disable-key':
    case 'enable-key':
    case 'revoke-grant':
    case 'give-grant':
      changeKey(stage, act);
      break;
    case 'ask':
      await stage.app?.ask('POST', '/api/conversions', { target: act.target });
      break;
    case 'approve':
      return approveAll(stage);
    case 'stop':
    case 'resume':
      return changeStop(stage, act);
    case 'policy':
      stage.usePolicy(act.policy);
      break;
    case 'deallocate-later':
      setTimeout(
        () => void write(stage, 'POST', `${vmOfCall}/deallocate`),
        act.minutes * MINUTE_MS,
      );
      break;
    default:
      return befall(stage, act, vmOfCall);
  }
}

function vmOf({ vm }: { readonly vm: string | null }, vmOfCall: string): string {
  return vm === null ? vmOfCall : vmIdOf(vm);
}

function orderFault({ simulator: { faults } }: Stage, { call, times, fault }: Acts<'fault'>): void {
  const matcher = { ...CALLS[call], times };
  const message = 'Bad luck.';
  switch (fault.kind) {
    case 'refuse':
      faults.refuseNext(matcher, { status: fault.status, code: fault.code, message });
      break;
    case 'throttle':
      faults.throttleNext(matcher, fault.seconds);
      break;
    case 'delay':
      faults.delayNext(matcher, fault.ms);
      break;
    case 'drop':
      faults.dropNext(matcher, fault.when);
      break;
    case 'fail':
      faults.failOperationNext(matcher, { code: fault.code, message, leaves: fault.leaves });
      break;
  }
}

function orderEventFault(
  { simulator: { faults } }: Stage,
  { kind, times }: Acts<'event-fault'>,
): void {
  const matcher = { path: /./, times };
  switch (kind) {
    case 'lose':
      faults.loseNextEvent(matcher);
      break;
    case 'repeat':
      faults.repeatNextEvent(matcher, 2);
      break;
    case 'delay':
      faults.delayNextEvent(matcher, 5 * MINUTE_MS);
      break;
    case 'reorder':
      faults.reorderNextEvent(matcher);
      break;
  }
}

async function write(
  { simulator }: Stage,
  method: string,
  path: string,
  body?: object,
): Promise<void> {
  const version = /virtualMachines\/[^/]+(\/\w+)?$/.test(path) ? '2024-07-01' : '2024-03-02';
  const apiVersion = path.endsWith('/tags/default') ? '2021-04-01' : version;
  const url = `https://management.azure.com${path}?api-version=${apiVersion}`;
  const init = { method, headers: PEOPLE, ...(body ? { body: JSON.stringify(body) } : {}) };
  // A fault may break their connection as well.
  await simulator.handle(new Request(url, init)).catch(() => undefined);
}

async function moveDisk(
  stage: Stage,
  { act, vm, disk: name }: Acts<'attach' | 'detach'>,
): Promise<void> {
  const { disks } = stage.simulator.truth();
  const disk = disks.find(({ id }) => id.endsWith(`/${name}`));
  if (!disk || (act === 'attach' && disk.owners.length > 0)) return;
  const held = disks.filter(
    ({ id, owners }) => owners.includes(vmIdOf(vm)) && !id.endsWith('-os') && id !== disk.id,
  );
  const wanted = act === 'attach' ? [...held, disk] : held;
  const dataDisks = wanted.map(({ id }, at) => ({
    lun: id === disk.id ? 20 : at,
    createOption: 'Attach',
    managedDisk: { id },
  }));
  await write(stage, 'PATCH', vmIdOf(vm), { properties: { storageProfile: { dataDisks } } });
}

function snapshotIdOf(disk: string): string {
  return `${GROUP_ID}/providers/Microsoft.Compute/snapshots/of-${disk}`;
}

async function takeSnapshot(stage: Stage, name: string): Promise<void> {
  const disk = stage.simulator.truth().disks.find(({ id }) => id.endsWith(`/${name}`));
  if (!disk) return;
  const creationData = { createOption: 'Copy', sourceResourceId: disk.id };
  const body = { location: disk.region, properties: { incremental: true, creationData } };
  await write(stage, 'PUT', snapshotIdOf(name), body);
}

async function changeTag(stage: Stage, act: Acts<'tag' | 'untag'>, target: string): Promise<void> {
  const path = `${target}/providers/Microsoft.Resources/tags/default`;
  const value = act.act === 'tag' ? act.value : currentTag(stage, target, act.name);
  if (value === undefined) return;
  const operation = act.act === 'tag' ? 'Merge' : 'Delete';
  await write(stage, 'PATCH', path, { operation, properties: { tags: { [act.name]: value } } });
}

function currentTag({ simulator }: Stage, target: string, name: string): string | undefined {
  return simulator.truth().vms.find(({ id }) => id === target)?.tags[name];
}

function changeKey(
  { simulator: { estate, truth }, log }: Stage,
  { act, region }: Acts<'disable-key' | 'enable-key' | 'revoke-grant' | 'give-grant'>,
): void {
  const set = truth().encryptionSets.find(({ keyUrl }) => keyUrl.includes(vaultOf(region)));
  if (!set) return;
  if (act === 'revoke-grant') estate.changeGrant(set.id, 'taken');
  else if (act === 'give-grant') estate.changeGrant(set.id, 'given');
  else estate.changeKey(set.keyUrl, { enabled: act === 'enable-key' });
  log.picture();
}

export async function approveAll({ store, log, policy }: Stage): Promise<void> {
  const notByRequester = policy === 'broken' || policy.approval.notByRequester;
  for (const { id, vmId, planDigest } of await store.approvals.list()) {
    const decision = {
      kind: 'approved',
      by: APPROVER,
      reason: '',
      atMs: Date.now(),
      planDigest,
    } as const;
    const { kind } = await store.approvals.decide(id, decision, { notByRequester });
    if (kind === 'accepted') log.deed('approved', vmId);
  }
}

async function changeStop(stage: Stage, { act, scope }: Acts<'stop' | 'resume'>): Promise<void> {
  const others = stage.stops.filter((each) => each !== scope);
  if (act === 'stop') {
    await stage.store.stops.set({
      scope,
      by: 'Ada',
      reason: 'Something is wrong.',
      atMs: Date.now(),
    });
    stage.setStops([...others, scope]);
  } else {
    await stage.store.stops.clear(scope);
    stage.log.deed('resumed', scope);
    stage.setStops(others);
  }
}
