import { tagValue } from '../azure/tags.ts';
import type { Vm } from '../azure/vm.ts';
import type { ConversionPolicy } from '../policy/conversion-policy.ts';
import { parseWindow, WINDOW_TAG } from '../policy/maintenance-window.ts';
import { zoneMeantBy } from '../policy/time-zone.ts';
import { type Verdict, verdict } from './verdict.ts';

/** Warns of windows in a time zone that knows no summer time, though its name suggests one. */
export function judgeTimeZone(
  { id, powerState, tags }: Pick<Vm, 'id' | 'powerState' | 'tags'>,
  { windows }: Pick<ConversionPolicy, 'windows'>,
): readonly Verdict[] {
  // One that is off waits for no window.
  if (powerState === 'deallocated') return [];
  const own = tagValue(tags, WINDOW_TAG);
  const counting = own === null ? windows : [parseWindow(own)].filter((each) => each !== null);
  const names = [...new Set(counting.map(({ timeZone }) => timeZone))];
  return names.flatMap((name) => {
    const meant = zoneMeantBy(name);
    if (meant === null) return [];
    const message = `Its window is in ${name}, which is the same time all year; ${meant} is what has this name on the wall.`;
    return [verdict('warn', 'time-zone-fixed', message, id)];
  });
}
