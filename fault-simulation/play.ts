import { type VirtualTime, withVirtualTime } from '@keyturn/functions-host/virtual-time';
import type { ConversionRecord } from '../src/domain/conversion/conversion-record.ts';
import type { Entry, Picture } from './azure-log.ts';
import { approveAll, perform } from './perform.ts';
import { Stage } from './stage.ts';
import { type Act, CALLS, type Happening, REGIONS, type Story, vmIdOf } from './story.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** As deployed. */
const RESTORATION_MS = 30_000;
/** A little longer than blocked VMs are left alone; deployed, sweeps come each ten minutes. */
export const LOOK_AGAIN_MS = 65 * MINUTE_MS;
const FINAL_SWEEPS = 3;
const BETWEEN_SWEEPS_MS = 9 * HOUR_MS;

/** All that is known of a story that was played. */
export interface Played {
  readonly story: Story;
  readonly entries: readonly Entry[];
  /** The newest first. */
  readonly records: readonly ConversionRecord[];
  readonly alerts: readonly string[];
  /** When faults and owners had stopped. */
  readonly calmFromMs: number;
  readonly last: Picture;
  readonly digest: string;
}

/** Plays a story on the whole product under virtual time, then lets three sweeps run in peace. */
export async function play(story: Story): Promise<Played> {
  return withVirtualTime(story.startsAt, async (time) => {
    const stage = new Stage(story);
    await stage.open();
    const looks = setInterval(() => void stage.restore(), RESTORATION_MS);
    if (story.events) stage.app?.connectEvents();
    const end = begin(stage, story);
    await time.advance(story.lastsMinutes * MINUTE_MS);
    end();
    const calmFromMs = Date.now();
    await calmDown(stage, time);
    clearInterval(looks);
    const records = await recordsOf(stage);
    const last = stage.log.picture();
    const { notSimulated } = stage.simulator.truth();
    await stage.close();
    if (notSimulated.length > 0) throw new Error(`Not simulated: ${notSimulated.join(', ')}`);
    const { entries } = stage.log;
    const digest = stage.log.digest();
    return { story, entries, records, alerts: stage.alerts, calmFromMs, last, digest };
  });
}

/** Sets everything going; returns what ends it. */
function begin(stage: Stage, story: Story): () => void {
  stage.log.picture();
  const timers = story.happenings.flatMap(({ on, acts }) =>
    'minute' in on
      ? [setTimeout(() => void actAll(stage, acts, vmIdOf('vm-1')), on.minute * MINUTE_MS)]
      : [],
  );
  const sweep = () => void stage.sweep();
  timers.push(setInterval(sweep, story.sweepEveryMinutes * MINUTE_MS));
  sweep();
  stage.onCall = listener(stage, story.happenings);
  return () => {
    for (const timer of timers) clearTimeout(timer);
    stage.onCall = async () => 'pass';
  };
}

async function actAll(stage: Stage, acts: readonly Act[], vmOfCall: string): Promise<void> {
  for (const act of acts) await perform(stage, act, vmOfCall);
}

function listener(stage: Stage, happenings: readonly Happening[]): Stage['onCall'] {
  const counts = new Map<string, number>();
  return async (method, path, send) => {
    const kind = kindOf(method, path);
    if (kind === undefined) return 'pass';
    const nth = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, nth);
    const acts = happenings
      .filter(({ on }) => 'call' in on && on.call === kind && on.nth === nth)
      .flatMap((happening) => happening.acts);
    if (acts.length === 0) return 'pass';
    const vmId = vmOfPath(stage, path);
    const crash = acts.find((act) => act.act === 'crash');
    if (crash?.call === 'sent') send();
    await actAll(stage, acts, vmId);
    return crash ? 'never' : 'pass';
  };
}

function kindOf(method: string, path: string): string | undefined {
  return Object.entries(CALLS).find(
    ([, call]) => call.method === method && call.path.test(path),
  )?.[0];
}

/** The VM that a call is about, or the first. */
function vmOfPath({ simulator }: Stage, path: string): string {
  const [vmId] = /^\/.*?\/virtualMachines\/[^/]+/i.exec(path) ?? [];
  const disk = simulator.truth().disks.find(({ id }) => id.toLowerCase() === path.toLowerCase());
  return vmId ?? disk?.owners[0] ?? vmIdOf('vm-1');
}

/** Faults and owners stop, people approve and resume, and three sweeps run. */
async function calmDown(stage: Stage, time: VirtualTime): Promise<void> {
  const { simulator, store } = stage;
  simulator.faults.clear();
  stage.noCapacityUntilMs = 0;
  stage.storeIsAway = false;
  stage.deliveredAgain.clear();
  stage.commitsLeft = Number.POSITIVE_INFINITY;
  for (const region of REGIONS) {
    await perform(stage, { act: 'enable-key', region }, '');
    await perform(stage, { act: 'give-grant', region }, '');
  }
  await stage.restart();
  await time.settle();
  for (let left = FINAL_SWEEPS; left > 0; left -= 1) {
    for (const { scope } of await store.stops.read()) {
      await perform(stage, { act: 'resume', scope }, '');
    }
    await approveAll(stage);
    await stage.sweep();
    // What was blocked shortly before is looked at again an hour later: `lookAgainAfterMinutes`.
    await time.advance(LOOK_AGAIN_MS);
    await approveAll(stage);
    await stage.sweep();
    await time.advance(BETWEEN_SWEEPS_MS - LOOK_AGAIN_MS);
  }
}

async function recordsOf({ store }: Stage): Promise<readonly ConversionRecord[]> {
  const records: ConversionRecord[] = [];
  let token: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof store.journal.find>> = await store.journal.find(
      {},
      { top: 100, token },
    );
    records.push(...(page?.records ?? []));
    token = page?.token ?? null;
  } while (token !== null);
  return records;
}
