import type { Disk } from './disk.ts';
import type { EncryptionSet } from './encryption-set.ts';
import { type KeySurroundings, problemBehind } from './key-rules.ts';
import type { Vm } from './vm.ts';

/** When disks on a key that went begin to fail. Source: as of `KeyWatch`. */
const FAILS_AFTER_MS = 3_600_000;

/** Of a disk's key: usable or the platform's own, gone, or gone for so long that reads fail. */
export type KeyState = 'usable' | 'lost' | 'failing';

interface Surroundings extends KeySurroundings {
  readonly speed: number;
  readonly expiredKeyStopsMachines: boolean;
}

/**
 * Notices keys that are disabled, deleted or out of reach while sets use them.
 *
 * What cannot be used when it is first seen was described so, and is left as it was described.
 * An expired key counts only on request: the documents say that it does, reports that it does not,
 * and Key Vault unwraps with one.
 *
 * Source: "Server-side encryption of Azure Disk Storage", section on keys that are disabled,
 * deleted or expired: machines shut down and do not start; input and output fail after an hour.
 */
export class KeyWatch {
  readonly #around: Surroundings;
  /** By set: when its key went, `null` while it is there. */
  readonly #lostAt = new Map<EncryptionSet, number | null>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** To be called often: it dates a loss by the first call that sees it. */
  look(): void {
    for (const set of this.#around.sets.list()) {
      const known = this.#lostAt.get(set);
      if (!this.#isLost(set)) this.#lostAt.set(set, null);
      else if (known === null) this.#lostAt.set(set, Date.now());
    }
  }

  keyStateOf({ encryption }: Disk): KeyState {
    const { diskEncryptionSetId } = encryption;
    const set = diskEncryptionSetId ? this.#around.sets.find(diskEncryptionSetId) : undefined;
    const lostAt = (set && this.#lostAt.get(set)) ?? null;
    if (lostAt === null) return 'usable';
    return Date.now() - lostAt >= FAILS_AFTER_MS / this.#around.speed ? 'failing' : 'lost';
  }

  /** Machines that cannot go on. */
  stranded(vms: readonly Vm[]): readonly Vm[] {
    return vms.filter(
      (vm) => vm.power === 'running' && vm.disks.some((it) => this.keyStateOf(it) !== 'usable'),
    );
  }

  #isLost(set: EncryptionSet): boolean {
    const found = problemBehind(set, this.#around);
    if (found === null) return false;
    return found.problem !== 'expired' || this.#around.expiredKeyStopsMachines;
  }
}
