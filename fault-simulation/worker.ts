import { play } from './play.ts';
import { judge } from './promises/judge.ts';
import type { SeedResult } from './run-seeds.ts';
import { storyOf } from './story-of.ts';

/** Plays one seed; a rig that breaks down is a violation, too. */
async function run(seed: number): Promise<SeedResult> {
  try {
    const played = await play(storyOf(seed));
    const violations = judge(played).map(({ promise, atMs, text }) => {
      return `${new Date(atMs).toISOString()} ${promise}: ${text}`;
    });
    return { seed, violations, digest: played.digest };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { seed, violations: [`the play broke off: ${text}`], digest: '' };
  }
}

// Seeds come one by one from whoever started this process.
process.on('message', (seed: number) => {
  run(seed).then(
    (result) => process.send?.(result),
    () => process.exit(1),
  );
});
process.on('disconnect', () => process.exit());
