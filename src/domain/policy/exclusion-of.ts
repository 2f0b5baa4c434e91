import { nameOf } from '../azure/arm-id.ts';
import { covers } from '../azure/covers.ts';
import { type Tags, tagValue } from '../azure/tags.ts';
import type { ConversionPolicy } from './conversion-policy.ts';
import { parseUntil } from './until.ts';

/** The tag that leaves a disk, or a VM with its disks, alone; its value is the reason. */
const EXCLUDE_TAG = 'keyturn:exclude';
/** The tag that says until when; it excludes on its own as well. */
const EXCLUDE_UNTIL_TAG = 'keyturn:exclude-until';

/** Why something is left alone. */
export interface StandingExclusion {
  /** `exclusion-unreadable`: its tag does not say until when, so it is excluded without an end. */
  readonly code: 'excluded' | 'exclusion-unreadable';
  /** Null: a tag does not say who answers for it. */
  readonly owner: string | null;
  readonly reason: string;
  /** Milliseconds since 1970; null: without an end. */
  readonly untilMs: number | null;
}

interface Tagged {
  readonly id: string;
  readonly tags: Tags;
}

/** Why a disk or VM is left alone now, by the policy or by a tag; null when it is not. */
export function exclusionOf(
  resource: Tagged,
  vm: Tagged | null,
  policy: ConversionPolicy,
  nowMs: number,
): StandingExclusion | null {
  const judged = vm === null ? [resource] : [resource, vm];
  const entry = policy.exclusions.find(
    ({ scope, untilMs }) => untilMs > nowMs && judged.some(({ id }) => covers(scope, id)),
  );
  if (entry) {
    const { owner, reason, untilMs } = entry;
    return { code: 'excluded', owner, reason, untilMs };
  }
  return judged.map((each) => byTag(each, nowMs)).find((each) => each !== null) ?? null;
}

function byTag({ id, tags }: Tagged, nowMs: number): StandingExclusion | null {
  const why = tagValue(tags, EXCLUDE_TAG)?.trim() ?? null;
  const until = tagValue(tags, EXCLUDE_UNTIL_TAG);
  if (why?.toLowerCase() === 'false' || (why === null && until === null)) return null;

  const untilMs = until === null ? null : parseUntil(until);
  if (until !== null && untilMs === null) {
    const reason = `The tag ${EXCLUDE_UNTIL_TAG} of ${nameOf(id)} is no date: "${until}".`;
    return { code: 'exclusion-unreadable', owner: null, reason, untilMs: null };
  }
  if (untilMs !== null && untilMs <= nowMs) return null;
  const says = why === null || why === '' || why.toLowerCase() === 'true' ? '' : `: ${why}`;
  const reason = `By the tags of ${nameOf(id)}${says}`;
  return { code: 'excluded', owner: null, reason, untilMs };
}
