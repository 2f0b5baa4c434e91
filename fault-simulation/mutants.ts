/** The product with one safeguard missing. */
export interface Mutant {
  /** What is missing. */
  readonly without: string;
  readonly patches: readonly Patch[];
}

interface Patch {
  readonly file: string;
  /** Must be there exactly once. */
  readonly replace: string;
  readonly by: string;
}

/** Behind most safeguards there is another one: without it, the first can be seen to be missing. */
const NOBODY_LOOKS: Patch = {
  file: 'src/activities/restoration/restore-left-vms.ts',
  replace: "if (end === 'alive') starts.delete(lease.holder);",
  by: "if (end === 'alive' || lease.holder !== '') starts.delete(lease.holder);",
};
const NOBODY_ASKS: Patch = {
  file: 'src/activities/conversion/find-hold.ts',
  replace: "return { kind: 'held', conversionId: attempt.conversionId };",
  by: 'return null;',
};

/** Each must be caught by a few dozen seeds, or the promises are not watched. */
export const MUTANTS: readonly Mutant[] = [
  {
    without: 'the finally',
    patches: [
      NOBODY_LOOKS,
      {
        file: 'src/orchestrators/conversion/convert-switched-off.ts',
        replace: '    isWhole = true;\n  } finally {\n',
        by: '    isWhole = true;\n  } catch (error) {\n    throw error;\n  }\n  {\n',
      },
    ],
  },
  {
    without: 'the mark',
    patches: [
      NOBODY_LOOKS,
      NOBODY_ASKS,
      {
        file: 'src/activities/conversion/mark-vm.ts',
        replace: 'azure.setTag(vmId, OFF_BY_TAG, instanceId)',
        by: "Promise.resolve({ status: 'ok' as const, value: {} } as never)",
      },
      {
        file: 'src/activities/conversion/deallocate-vm.ts',
        replace: 'vm.tags[OFF_BY_TAG] === instanceId',
        by: 'OFF_BY_TAG !== instanceId',
      },
    ],
  },
  {
    without: 'all that gives a VM back whose conversion died',
    patches: [
      {
        file: 'src/orchestrators/sweep/sweep.ts',
        replace: '  yield* restoreAbandoned(context);\n',
        by: '',
      },
      NOBODY_LOOKS,
      NOBODY_ASKS,
    ],
  },
  {
    without: 'the key preflight',
    patches: [
      {
        file: 'src/domain/gate/judge-key.ts',
        replace: "  if (!key.enabled) return blocked('key-disabled', 'The key is disabled.');\n",
        by: '',
      },
    ],
  },
  {
    without: 'the second reading',
    patches: [
      {
        file: 'src/activities/conversion/deallocate-vm.ts',
        replace: "  if (vm.powerState !== 'running') return false;\n",
        by: "  if (vm.powerState === 'running') return true;\n",
      },
    ],
  },
  {
    without: 'the window',
    patches: [
      {
        file: 'src/domain/turn/decide-turn.ts',
        replace: "return opensAtMs > nowMs ? { kind: 'later', atMs: opensAtMs } : { kind: 'now' };",
        by: "return { kind: 'now' };",
      },
    ],
  },
  {
    without: 'the approval',
    patches: [
      {
        file: 'src/domain/turn/decide-turn.ts',
        replace:
          "return policy.when === 'on-approval' && !isApproved\n      ? { kind: 'awaits-approval' }\n      : { kind: 'now' };",
        by: "return { kind: 'now' };",
      },
    ],
  },
  {
    without: 'the cap',
    patches: [
      {
        file: 'src/domain/turn/lease.ts',
        replace: 'countOf(others, key) >= limit',
        by: 'countOf(others, key) < 0',
      },
    ],
  },
  {
    without: 'the exclusion',
    patches: [
      {
        file: 'src/domain/policy/exclusion-of.ts',
        replace: '  const judged = vm === null ? [resource] : [resource, vm];\n',
        by: '  const judged = vm === null ? [] : [resource, vm].slice(2);\n',
      },
    ],
  },
  {
    without: 'the expiry of leases',
    patches: [
      NOBODY_LOOKS,
      {
        file: 'src/activities/turn/tend-leases.ts',
        replace: 'await leases.expire(Date.now())',
        by: 'await leases.expire(0)',
      },
    ],
  },
  {
    without: 'the stop',
    patches: [
      {
        file: 'src/domain/turn/stop.ts',
        replace: 'return stops.find(({ scope }) => forbids(scope, subject)) ?? null;',
        by: 'return null;',
      },
    ],
  },
  {
    without: 'the read-back',
    patches: [
      {
        file: 'src/activities/conversion/encrypt-disks.ts',
        replace:
          '  const seen = await watch(azure, change, asked.accepted, deadline, firstLookMs);\n',
        by: "  const seen = { diskId, kind: 'encrypted' as const };\n",
      },
    ],
  },
  {
    without: 'the look each half minute',
    patches: [NOBODY_LOOKS],
  },
  {
    without: 'the question whether another conversion switched the VM off',
    patches: [NOBODY_LOOKS, NOBODY_ASKS],
  },
  {
    without: 'the question whether a VM is still ours to start',
    patches: [
      {
        file: 'src/activities/conversion/start-vm.ts',
        replace: "return isOver ? { status: 'untouched' } : askToStart",
        by: "return isOver && input.vmId === '' ? { status: 'untouched' } : askToStart",
      },
    ],
  },
];
