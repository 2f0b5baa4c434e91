import type { SetRule, WrittenPolicy } from '../domain/policy/conversion-policy.ts';
import { parseTimeOfDay } from '../domain/policy/maintenance-window.ts';
import { parseUntil } from '../domain/policy/until.ts';
import type { PolicyFileContent } from './policy-file.ts';

/** The policy that a file means. */
export function toPolicy(file: PolicyFileContent): WrittenPolicy {
  return {
    ...file,
    scope: file.scope.map(({ subscription, managementGroup, resourceGroups, regions, tags }) => ({
      // Exactly one of the two is there: the schema says so.
      ...(subscription === undefined
        ? { managementGroup: managementGroup ?? '' }
        : { subscriptionId: subscription }),
      resourceGroups: resourceGroups ?? null,
      regions: regions ?? null,
      tags: tags ?? {},
    })),
    exclusions: file.exclusions.map(answered),
    encryptionSets: rulesOf(file.encryptionSets),
    windows: (file.windows ?? []).map(({ days, from, to, timeZone }) => ({
      days,
      fromMinute: parseTimeOfDay(from) ?? 0,
      toMinute: parseTimeOfDay(to) ?? 0,
      timeZone,
    })),
    exemptions: file.exemptions.map(({ check, ...entry }) => ({ check, ...answered(entry) })),
  };
}

function answered({ until, ...entry }: PolicyFileContent['exclusions'][number]) {
  return { ...entry, untilMs: parseUntil(until) ?? 0 };
}

/** The rules that a list or a map from region to set stands for. */
export function rulesOf(written: PolicyFileContent['encryptionSets']): readonly SetRule[] {
  if (!Array.isArray(written)) {
    return Object.entries(written).map(([region, set]) => ({
      set,
      regions: [region],
      subscriptions: null,
      tags: {},
      encryptionType: null,
    }));
  }
  return written.map(({ set, regions, subscriptions, tags, encryptionType }) => ({
    set,
    regions: regions ?? null,
    subscriptions: subscriptions ?? null,
    tags: tags ?? {},
    encryptionType: encryptionType ?? null,
  }));
}
