import { calamity } from './calamities.ts';
import type { Draw } from './draw.ts';
import { drawAct, type Setting } from './draw-act.ts';
import { drawEventFault, drawFault } from './draw-fault.ts';
import { CALLS, type CallKind, type Happening, type Moment, type Story } from './story.ts';

/** Draws what befalls keyturn, and what others do meanwhile. */
export function drawHappenings(draw: Draw, setting: Setting): Story['happenings'] {
  const single = Array.from({ length: draw.between(1, 9) }, () => aHappening(draw, setting));
  const calamities = Array.from({ length: draw.between(1, 3) }, () => calamity(draw, setting));
  const events = Array.from({ length: draw.between(0, 2) }, () => ({
    on: { minute: draw.between(0, setting.lastsMinutes) },
    acts: [drawEventFault(draw)],
  }));
  return [...approvals(draw, setting), ...single, ...calamities.flat(), ...events];
}

function aHappening(draw: Draw, setting: Setting): Happening {
  const isFault = draw.chance(0.45);
  if (isFault) return { on: { minute: draw.between(0, 5) }, acts: [drawFault(draw)] };
  return { on: aMoment(draw, setting), acts: [drawAct(draw, setting)] };
}

function aMoment(draw: Draw, { lastsMinutes }: Setting): Moment {
  if (draw.chance(0.5)) return { minute: draw.between(0, lastsMinutes) };
  const call = draw.pick(Object.keys(CALLS) as CallKind[]);
  return { call, nth: draw.between(1, 4) };
}

/** Where approvals are needed, somebody gives them now and then. */
function approvals(draw: Draw, { policy, lastsMinutes }: Setting): readonly Happening[] {
  if (policy.when !== 'on-approval') return [];
  return Array.from({ length: draw.between(1, 4) }, () => ({
    on: { minute: draw.between(5, lastsMinutes) },
    acts: [{ act: 'approve' as const }],
  }));
}
