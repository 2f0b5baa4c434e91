import type { EstateDescription } from '@keyturn/azure-simulator/estate-description';
import type { Draw } from './draw.ts';
import { drawUntil, windowTag } from './draw-estate.ts';
import { anExclusion, drawWindow } from './draw-policy.ts';
import {
  type Act,
  diskIdOf,
  GROUP_ID,
  REGIONS,
  type StoryPolicy,
  setIdOf,
  vmIdOf,
} from './story.ts';

/** What happenings are drawn for. */
export interface Setting {
  readonly startsAt: string;
  readonly estate: EstateDescription;
  readonly policy: StoryPolicy;
  readonly lastsMinutes: number;
}

/** Draws what an owner, a person or an outage does. */
export function drawAct(draw: Draw, setting: Setting): Act {
  const drawn = draw.weighted<(draw: Draw, setting: Setting) => Act>([
    [20, ownerSwitches],
    [10, ownerMovesDisk],
    [8, ownerSnapshots],
    [14, ownerTags],
    [8, keyOwner],
    [10, person],
    [8, policyEdit],
    [12, drawCrash],
    [4, () => ({ act: 'terminate' })],
    [6, () => ({ act: 'fail-instance' })],
    [4, deliveredAgain],
    [5, () => ({ act: 'store-away', minutes: draw.between(1, 90) })],
    [5, () => ({ act: 'no-capacity', minutes: draw.between(5, 240) })],
  ]);
  return drawn(draw, setting);
}

export function aVmName(draw: Draw, { estate }: Setting): string {
  return draw.pick(estate.virtualMachines ?? []).name;
}

function ownerSwitches(draw: Draw, setting: Setting): Act {
  const act = draw.weighted([
    [35, 'start'],
    [35, 'deallocate'],
    [15, 'powerOff'],
    [15, 'delete'],
  ] as const);
  return { act, vm: draw.chance(0.3) ? null : aVmName(draw, setting) };
}

function ownerMovesDisk(draw: Draw, setting: Setting): Act {
  const vm = aVmName(draw, setting);
  if (draw.chance(0.5)) return { act: 'attach', vm, disk: draw.pick(['loose-1', 'loose-2']) };
  return { act: 'detach', vm, disk: `${vm}-data-1` };
}

function ownerSnapshots(draw: Draw, setting: Setting): Act {
  const act = draw.chance(0.6) ? 'snapshot' : 'drop-snapshot';
  return { act, disk: `${aVmName(draw, setting)}-os` };
}

function ownerTags(draw: Draw, setting: Setting): Act {
  const name = draw.pick([
    // By whoever applies a configuration that does not name it.
    'keyturn:off-by',
    'keyturn:exclude',
    'keyturn:exclude-until',
    'keyturn:group',
    'keyturn:window',
  ]);
  const target = draw.chance(0.3) ? null : vmIdOf(aVmName(draw, setting));
  if (name === 'keyturn:off-by' || draw.chance(0.35)) return { act: 'untag', target, name };
  const values: Readonly<Record<string, () => string>> = {
    'keyturn:exclude-until': () => drawUntil(draw, setting.startsAt),
    'keyturn:group': () => 'dc',
    'keyturn:window': () => windowTag(drawWindow(draw)),
  };
  return { act: 'tag', target, name, value: values[name]?.() ?? 'true' };
}

/** Activities that write. */
export const WRITERS = [
  'beginRecord',
  'deallocateVm',
  'encryptDisks',
  'markVm',
  'releaseLease',
  'startVm',
  'takeLease',
  'unmarkVm',
] as const;

function deliveredAgain(draw: Draw): Act {
  return { act: 'deliver-again', activity: draw.pick(WRITERS), afterMinutes: draw.between(1, 40) };
}

function keyOwner(draw: Draw): Act {
  const act = draw.weighted([
    [40, 'disable-key'],
    [25, 'enable-key'],
    [20, 'revoke-grant'],
    [15, 'give-grant'],
  ] as const);
  return { act, region: draw.pick(REGIONS) };
}

function person(draw: Draw, setting: Setting): Act {
  const scope = draw.chance(0.7) ? 'everything' : setIdOf(REGIONS[0]);
  const target = draw.pick([vmIdOf(aVmName(draw, setting)), diskIdOf('loose-1'), GROUP_ID]);
  return draw.weighted<Act>([
    [40, { act: 'ask', target }],
    [35, { act: 'stop', scope }],
    [25, { act: 'resume', scope }],
  ]);
}

function policyEdit(draw: Draw, { policy, startsAt }: Setting): Act {
  return { act: 'policy', policy: changedPolicy(draw, policy, startsAt) };
}

export function changedPolicy(
  draw: Draw,
  policy: StoryPolicy,
  startsAt: string,
): StoryPolicy | 'broken' {
  return draw.weighted<StoryPolicy | 'broken'>([
    [15, { ...policy, mode: 'report' }],
    [15, { ...policy, mayDeallocate: false }],
    [20, { ...policy, exclusions: [anExclusion(draw, startsAt)] }],
    [15, { ...policy, when: 'in-window', windows: [drawWindow(draw)] }],
    [10, withoutWindows({ ...policy, when: 'when-deallocated' })],
    [15, { ...policy, scope: [] }],
    [10, 'broken'],
    [20, policy],
  ]);
}

/** The parser refuses windows that nothing goes by. */
export function withoutWindows({ windows: _, ...policy }: StoryPolicy): StoryPolicy {
  return policy;
}

function drawCrash(draw: Draw): Act {
  const downMinutes = draw.weighted([
    [50, 0],
    [30, draw.between(1, 30)],
    [20, draw.between(60, 400)],
  ]);
  if (draw.chance(0.4)) return { act: 'crash-at-commit', nth: draw.between(1, 40), downMinutes };
  const state = draw.chance(0.15) ? 'lost' : 'kept';
  return { act: 'crash', downMinutes, state, call: draw.chance(0.5) ? 'sent' : 'unsent' };
}
