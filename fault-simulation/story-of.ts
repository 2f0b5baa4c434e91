import { Draw } from './draw.ts';
import { drawEstate } from './draw-estate.ts';
import { drawHappenings } from './draw-happenings.ts';
import { drawPolicy } from './draw-policy.ts';
import type { Story } from './story.ts';

/** Some begin right before clocks change. */
const STARTS = [
  '2026-03-01T08:00:00Z',
  '2026-03-28T20:00:00Z',
  '2026-06-15T21:40:00Z',
  '2026-10-24T19:00:00Z',
];

/** Makes the story that a seed stands for: always the same one. */
export function storyOf(seed: number): Story {
  const draw = new Draw(seed);
  const startsAt = draw.pick(STARTS);
  const estate = drawEstate(draw, startsAt);
  const policy = drawPolicy(draw, startsAt);
  const lastsMinutes = draw.between(60, 720);
  const setting = { startsAt, estate, policy, lastsMinutes };
  const events = draw.chance(0.7);
  const sweepEveryMinutes = draw.pick([45, 90, 180]);
  const happenings = drawHappenings(draw, setting);
  return {
    seed,
    startsAt,
    estate,
    policy,
    events,
    sweepEveryMinutes,
    lastsMinutes,
    timersFireEarly: draw.chance(0.5),
    happenings,
  };
}
