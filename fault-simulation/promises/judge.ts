import type { Played } from '../play.ts';
import { judgeAlerts } from './alerts.ts';
import { judgeChanges } from './changed-disks.ts';
import { judgeEnd } from './ended.ts';
import { judgeJournal } from './journal.ts';
import { judgeMarks } from './marks.ts';
import { judgeRescue } from './rescued.ts';
import { judgeSwitching } from './switched-off.ts';
import type { Violation } from './violation.ts';

/** Every promise that was not kept in a story, the earliest first. */
export function judge(played: Played): readonly Violation[] {
  const { violations, stillOff, periods } = judgeSwitching(played.entries);
  const all = [
    ...violations,
    ...judgeChanges(played.entries),
    ...judgeEnd(played, stillOff),
    ...judgeJournal(played, periods),
    ...judgeAlerts(played, periods),
    ...judgeRescue(played, periods),
    ...judgeMarks(played),
  ];
  return all.toSorted((a, b) => a.atMs - b.atMs);
}
