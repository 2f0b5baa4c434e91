import type { Draw } from './draw.ts';
import {
  diskIdOf,
  REGIONS,
  type StoryPolicy,
  type StoryWindow,
  SUBSCRIPTION,
  setIdOf,
  vmIdOf,
} from './story.ts';

const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const TIME_ZONES = ['UTC', 'Europe/Amsterdam', 'America/New_York', 'Asia/Kolkata'];
const DAY_MS = 86_400_000;

/** Draws what the operator allows: mostly that something happens. */
export function drawPolicy(draw: Draw, startsAt: string): StoryPolicy {
  const when = draw.weighted([
    [58, 'at-once'],
    [18, 'in-window'],
    [16, 'on-approval'],
    [8, 'when-deallocated'],
  ] as const);
  return {
    mode: draw.chance(0.97) ? 'enforce' : 'report',
    scope: [{ subscription: SUBSCRIPTION }],
    exclusions: draw.chance(0.12) ? [anExclusion(draw, startsAt)] : [],
    encryptionSets: Object.fromEntries(REGIONS.map((region) => [region, setIdOf(region)])),
    mayDeallocate: draw.chance(0.97),
    settleMinutes: 0,
    retryRefusedAfterHours: 1,
    when,
    ...(when === 'in-window' ? { windows: [drawWindow(draw)] } : {}),
    approval: { deadlineHours: draw.pick([72, 96]), notByRequester: true },
    caps: {
      vms: draw.pick([1, 1, 2, 10]),
      perRegion: draw.pick([null, null, 1]),
      perAvailabilitySet: 1,
      perZone: draw.pick([null, 1]),
    },
    stopAfterFailures: draw.pick([null, null, 2]),
  };
}

/** Open for some hours of every day, or nearly. */
export function drawWindow(draw: Draw): StoryWindow {
  const from = draw.between(0, 23);
  const to = (from + draw.between(2, 9)) % 24;
  return {
    days: draw.chance(0.8) ? EVERY_DAY : EVERY_DAY.filter(() => draw.chance(0.7)).concat('sun'),
    from: `${String(from).padStart(2, '0')}:${draw.pick(['00', '30'])}`,
    to: `${String(to).padStart(2, '0')}:15`,
    timeZone: draw.pick(TIME_ZONES),
  };
}

export function anExclusion(draw: Draw, startsAt: string): StoryPolicy['exclusions'][number] {
  const atMs = Date.parse(startsAt) + (draw.between(-12, 72) * DAY_MS) / 24;
  const scope = draw.pick([vmIdOf('vm-1'), vmIdOf('vm-2'), diskIdOf('vm-1-data-1')]);
  return { scope, owner: 'team-a', reason: 'moves house', until: new Date(atMs).toISOString() };
}
