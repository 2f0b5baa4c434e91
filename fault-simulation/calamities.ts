import type { Draw } from './draw.ts';
import { aVmName, changedPolicy, type Setting, WRITERS, withoutWindows } from './draw-act.ts';
import { type Act, type CallKind, type Happening, REGIONS, vmIdOf } from './story.ts';

type Kind = (draw: Draw, setting: Setting) => Happening | readonly Happening[];

/** Draws several things that happen at once, where they hurt most. */
export function calamity(draw: Draw, setting: Setting): readonly Happening[] {
  const kind = draw.weighted<Kind>([
    [30, standstill],
    [12, keptWaiting],
    [20, lostAnswer],
    [20, endedFromOutside],
    [15, orphanedLease],
    [15, outage],
    [10, ownerRaces],
    [10, keyGoes],
    [25, comesAgain],
    [10, losesItsMark],
    [25, roomGoes],
  ]);
  return [kind(draw, setting)].flat();
}

const NOTHING_OFF: readonly CallKind[] = ['tag', 'read-key', 'read-vm', 'deallocate'];
const WHILE_OFF: readonly CallKind[] = ['encrypt', 'read-disk', 'start'];

/** The process stands still for hours, and the world changes meanwhile. */
function standstill(draw: Draw, setting: Setting): Happening {
  const call = draw.pick(draw.chance(0.7) ? NOTHING_OFF : WHILE_OFF);
  const downMinutes = draw.pick([2, 10, 90, 300]);
  const crash: Act = { act: 'crash', downMinutes, state: 'kept', call: 'unsent' };
  return { on: { call, nth: draw.between(1, 5) }, acts: [crash, aChange(draw, setting)] };
}

/** Azure has the deallocation wait, and the world changes meanwhile. */
function keptWaiting(draw: Draw, setting: Setting): Happening {
  const fault: Act = {
    act: 'fault',
    call: 'deallocate',
    times: draw.between(1, 2),
    fault: { kind: 'throttle', seconds: draw.pick([20, 45, 120, 1200]) },
  };
  return { on: { call: 'tag', nth: draw.between(1, 4) }, acts: [fault, aChange(draw, setting)] };
}

/** Azure switches the VM off and nobody hears of it; then the world changes. */
function lostAnswer(draw: Draw, setting: Setting): readonly Happening[] {
  const fault: Act = {
    act: 'fault',
    call: 'deallocate',
    times: 1,
    fault: { kind: 'drop', when: draw.chance(0.8) ? 'after' : 'before' },
  };
  const on = { call: 'deallocate', nth: draw.between(1, 2) } as const;
  if (draw.chance(0.35)) return [{ on, acts: [fault, aChange(draw, setting)] }];
  const repaired = { minute: draw.between(30, setting.lastsMinutes) };
  return [
    { on, acts: [fault, { act: 'policy', policy: 'broken' }] },
    { on: repaired, acts: [{ act: 'policy', policy: setting.policy }] },
  ];
}

/** For half an hour Azure answers nothing of one kind, and the VM is off. */
function outage(draw: Draw): Happening {
  const call = draw.weighted<CallKind>([
    [60, 'read-vm'],
    [20, 'read-disk'],
    [20, 'start'],
  ]);
  const fault: Act = {
    act: 'fault',
    call,
    // As often as an activity tries.
    times: draw.between(36, 45),
    fault: draw.chance(0.5)
      ? { kind: 'drop', when: 'before' }
      : { kind: 'refuse', status: 503, code: 'ServiceUnavailable' },
  };
  return { on: { call: 'deallocate', nth: draw.between(1, 2) }, acts: [fault] };
}

/** The task hub is lost right after a lease was taken, and its VM is nobody's business any more. */
function orphanedLease(draw: Draw): Happening {
  const lost: Act = {
    act: 'crash',
    downMinutes: draw.pick([0, 30]),
    state: 'lost',
    call: 'unsent',
  };
  const gone: Act = draw.chance(0.5)
    ? { act: 'delete', vm: null }
    : { act: 'tag', target: null, name: 'keyturn:exclude', value: 'true' };
  return { on: { call: 'tag', nth: draw.pick([1, 1, 1, 2]) }, acts: [lost, gone] };
}

/** The conversion ends where it stands: an operator terminates it, or its task hub is lost. */
function endedFromOutside(draw: Draw, setting: Setting): Happening {
  const call = draw.pick<CallKind>(['tag', 'deallocate', 'encrypt', 'start', 'read-disk']);
  const acts: Act[] = draw.chance(0.5)
    ? [{ act: draw.chance(0.5) ? 'terminate' : 'fail-instance' }]
    : [{ act: 'crash', downMinutes: draw.pick([0, 20]), state: 'lost', call: 'sent' }];
  if (draw.chance(0.6))
    acts.push(draw.chance(0.5) ? { act: 'delete', vm: null } : aChange(draw, setting));
  return { on: { call, nth: draw.between(1, 4) }, acts };
}

/** The owner does something right before keyturn does. */
function ownerRaces(draw: Draw): Happening {
  const call = draw.pick<CallKind>(['tag', 'deallocate', 'encrypt', 'start']);
  const act = draw.pick(['start', 'deallocate', 'powerOff', 'delete'] as const);
  return { on: { call, nth: draw.between(1, 3) }, acts: [{ act, vm: null }] };
}

function keyGoes(draw: Draw): Happening {
  const call = draw.pick<CallKind>(['read-key', 'tag', 'deallocate', 'encrypt']);
  return {
    on: { call, nth: draw.between(1, 4) },
    acts: [
      {
        act: draw.chance(0.6) ? 'disable-key' : 'revoke-grant',
        region: draw.chance(0.75) ? REGIONS[0] : REGIONS[1],
      },
    ],
  };
}

/**
 * A message comes again when its conversion has ended. Where it could start the VM, the owner has
 * switched that off since; a mark must not come back on one that runs.
 */
function comesAgain(draw: Draw): readonly Happening[] {
  const activity = draw.chance(0.7)
    ? draw.pick(['markVm', 'startVm'] as const)
    : draw.pick(WRITERS);
  const afterMinutes = draw.between(20, 40);
  const again: Happening = {
    on: { minute: 0 },
    acts: [{ act: 'deliver-again', activity, afterMinutes }],
  };
  if (activity === 'markVm') return [again];
  const acts: readonly Act[] = [{ act: 'deallocate-later', minutes: afterMinutes - 2 }];
  return [again, { on: { call: 'start', nth: draw.between(1, 2) }, acts }];
}

/** Somebody takes the mark away while the VM is off; at times its conversion ends right after. */
function losesItsMark(draw: Draw): readonly Happening[] {
  const nth = draw.between(1, 2);
  const untag: Act = { act: 'untag', target: null, name: 'keyturn:off-by' };
  const end: Act = draw.chance(0.5)
    ? { act: 'fail-instance' }
    : { act: 'crash', downMinutes: 0, state: 'lost', call: 'unsent' };
  const acts = draw.chance(0.7) ? [untag, end] : [untag];
  return [{ on: { call: draw.pick(['encrypt', 'start'] as const), nth }, acts }];
}

/** There is no room for the first VM that is to start, and others are let in some ten minutes later. */
function roomGoes(draw: Draw, { estate, policy }: Setting): readonly Happening[] {
  const vms = (estate.virtualMachines ?? []).map(({ name }) => vmIdOf(name));
  const rest = draw.pick([0, 1]);
  const later = vms.filter((_, at) => at % 2 === rest);
  const name = 'keyturn:exclude';
  const exclude = later.map((target): Act => ({ act: 'tag', target, name, value: 'true' }));
  const caps = { ...policy.caps, vms: 10, perRegion: null, perZone: null };
  const open: Act = { act: 'policy', policy: withoutWindows({ ...policy, when: 'at-once', caps }) };
  return [
    { on: { minute: 0 }, acts: [...exclude, open] },
    {
      on: { call: 'start', nth: 1 },
      acts: [{ act: 'no-capacity', minutes: draw.between(120, 240) }],
    },
    {
      on: { call: 'start', nth: 5 },
      acts: later.map((target) => ({ act: 'untag', target, name })),
    },
  ];
}

/** After which the verdict would be another one. */
function aChange(draw: Draw, setting: Setting): Act {
  const target = draw.chance(0.6) ? null : vmIdOf(aVmName(draw, setting));
  return draw.weighted<Act>([
    [30, { act: 'tag', target, name: 'keyturn:exclude', value: 'true' }],
    [30, { act: 'stop', scope: 'everything' }],
    [20, { act: 'policy', policy: changedPolicy(draw, setting.policy, setting.startsAt) }],
    [10, { act: 'deallocate', vm: null }],
    [10, { act: 'disable-key', region: REGIONS[0] }],
  ]);
}
