import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Deed, type ReplayHistory, replayerOf } from '@keyturn/functions-host/replay-history';
import { beforeAll, describe, expect, test } from 'vitest';
import { durableSettings } from '../../src/cli/serving/durable-settings.ts';
import {
  ORCHESTRATORS,
  registerOrchestrators,
} from '../../src/functions/register-orchestrators.ts';
import { type RecordedHistory, restored } from '../support/histories.ts';

const FOLDER = join(import.meta.dirname, '../histories');
const FILES = readdirSync(FOLDER);

function read(file: string): RecordedHistory {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
}

let replay: ReplayHistory;
beforeAll(async () => {
  replay = await replayerOf(() => registerOrchestrators());
});

/** Of an outcome only its kind: its other members may grow. */
function comparable(deeds: readonly Deed[]): readonly unknown[] {
  return deeds.map((deed) =>
    deed.kind === 'ends' && deed.status === 'Completed'
      ? { ...deed, output: (deed.output as { readonly kind?: unknown }).kind }
      : deed,
  );
}

describe('code of today does what a release did', () => {
  test.for(FILES)('%s', async (file) => {
    const recorded = read(file);
    const episodes = await replay({ ...recorded, history: recorded.history.map(restored) });

    expect(episodes.length).toBeGreaterThan(0);
    for (const { recorded: before, today } of episodes) {
      expect(comparable(today)).toEqual(comparable(before));
    }
  });
});

test('every orchestrator of this release has a history: npm run record-histories', () => {
  const { defaultVersion } = durableSettings();
  const ofThisRelease = FILES.map(read).filter(({ release }) => release === defaultVersion);
  const recorded = new Set(ofThisRelease.map(({ orchestrator }) => orchestrator));
  expect([...recorded].toSorted()).toEqual(ORCHESTRATORS.map(({ name }) => name).toSorted());
});

test('each history is small, and carries the version under which it was made', () => {
  for (const file of FILES) {
    expect(statSync(join(FOLDER, file)).size).toBeLessThanOrEqual(100_000);
    const { release, history } = read(file);
    expect(file.startsWith(`${release}-`)).toBe(true);
    const start = history.find(({ event }) => event === 'executionStarted');
    expect(start?.['Version']).toBe(release);
  }
});
