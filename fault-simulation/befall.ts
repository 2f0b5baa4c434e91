import { instanceIdFor } from '../src/durable/instance-id.ts';
import type { Stage } from './stage.ts';
import type { Act } from './story.ts';

const MINUTE_MS = 60_000;

type Acts<Name extends Act['act']> = Extract<Act, { act: Name }>;

/** What befalls keyturn itself: its host, its instances, its store, and Azure's room for VMs. */
type Mishap = Acts<
  | 'terminate'
  | 'fail-instance'
  | 'deliver-again'
  | 'store-away'
  | 'no-capacity'
  | 'crash'
  | 'crash-at-commit'
>;

/** Carries out a mishap. */
export async function befall(stage: Stage, act: Mishap, vmOfCall: string): Promise<void> {
  switch (act.act) {
    case 'terminate':
      return terminate(stage, vmOfCall);
    case 'fail-instance':
      failInstance(stage, vmOfCall);
      break;
    case 'deliver-again':
      stage.deliveredAgain.set(act.activity, act.afterMinutes * MINUTE_MS);
      break;
    case 'store-away':
      storeGoesAway(stage, act.minutes);
      break;
    case 'no-capacity':
      stage.noCapacityUntilMs = Date.now() + act.minutes * MINUTE_MS;
      break;
    case 'crash':
      crash(stage, act);
      break;
    case 'crash-at-commit':
      stage.killAfterCommits(act.nth, () => restartAfter(stage, act.downMinutes));
      break;
  }
}

async function terminate({ app, log }: Stage, vmId: string): Promise<void> {
  if (app === null) return;
  log.picture();
  log.deed('terminated', vmId);
  const path = `/runtime/webhooks/durabletask/instances/${instanceIdFor('vm', vmId)}`;
  await app.ask('POST', `${path}/terminate?reason=x`);
}

function failInstance({ app, log }: Stage, vmId: string): void {
  if (app === null) return;
  log.picture();
  log.deed('terminated', vmId);
  app.host.failInstance(instanceIdFor('vm', vmId));
}

function storeGoesAway(stage: Stage, minutes: number): void {
  stage.storeIsAway = true;
  setTimeout(() => {
    stage.storeIsAway = false;
  }, minutes * MINUTE_MS);
}

function crash(stage: Stage, { state, downMinutes }: Acts<'crash'>): void {
  stage.kill(() => {
    if (state === 'lost') stage.loseState();
    restartAfter(stage, downMinutes);
  });
}

function restartAfter(stage: Stage, minutes: number): void {
  setTimeout(() => void stage.restart(), minutes * MINUTE_MS);
}
