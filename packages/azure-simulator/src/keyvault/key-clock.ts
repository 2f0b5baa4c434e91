import type { Random } from '../random.ts';
import type { KeyStore } from './key-store.ts';
import { isLive } from './key-store.ts';
import {
  type EndOfVersion,
  type KeyVault,
  type KeyVersion,
  newVersion,
  type VaultKey,
} from './key-vault.ts';
import { announcedAt, expiryOf, rotatesAt } from './rotation-policy.ts';
import type { VaultEvent } from './vault-event.ts';

/** Longer waits than this overflow a timer; it is then set again. */
const LONGEST_MS = 2 ** 31 - 1;

interface Surroundings {
  readonly keys: KeyStore;
  readonly random: Random;
  readonly speed: number;
}

interface Due {
  readonly at: number;
  readonly act: () => void;
}

/** Does to keys what time does: tells of their ends, rotates them, and purges deleted ones. */
export class KeyClock {
  /** Told of new versions and of ends. */
  onEvent: (event: VaultEvent) => void = () => {};
  /** Whether anybody subscribed to the events of a vault. */
  isWatched: (vaultId: string) => boolean = () => false;
  readonly #around: Surroundings;
  #next = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
    around.keys.onChange = (vault, key, added) => {
      if (added && vault.kind === 'vault') this.#added(vault, key, added);
      this.#arm();
    };
  }

  /** Does what is due by the clock, for readers that come before the timer does. */
  settle(): void {
    // What is done may make more due: a version that is rotated at once, and its event.
    for (let turn = 0; this.#next <= Date.now() && turn < 1000; turn += 1) {
      const [first] = this.#due().toSorted((a, b) => a.at - b.at);
      if (first && first.at <= Date.now()) first.act();
      this.#arm();
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #added(vault: KeyVault, key: VaultKey, version: KeyVersion): void {
    if (this.isWatched(vault.id)) version.untold = new Set(['near-expiry', 'expired']);
    this.onEvent({ what: 'new-version', vault, key, version });
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#next = Math.min(Number.POSITIVE_INFINITY, ...this.#due().map(({ at }) => at));
    if (this.#next === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.min(LONGEST_MS, Math.max(0, this.#next - Date.now()));
    this.#timer = setTimeout(() => {
      if (this.#next <= Date.now()) this.settle();
      else this.#arm();
    }, waitMs);
    // A simulator that nobody asks any more keeps no process alive.
    this.#timer.unref();
  }

  #due(): readonly Due[] {
    return this.#around.keys.all().flatMap((vault) =>
      [...vault.keys.values()].flatMap((key) => {
        const version = key.versions.at(-1);
        if (!isLive(key) || !version) return [];
        return [...this.#rotation(vault, key, version), ...this.#ends(vault, key, version)];
      }),
    );
  }

  #rotation(vault: KeyVault, key: VaultKey, version: KeyVersion): readonly Due[] {
    const { keys, random, speed } = this.#around;
    const at = rotatesAt(key, version, speed);
    if (at === null || !version.enabled) return [];
    const act = () => keys.addVersion(vault, key, nextVersion(key, version, random));
    return [{ at, act }];
  }

  #ends(vault: KeyVault, key: VaultKey, version: KeyVersion): readonly Due[] {
    const { expires, untold } = version;
    if (expires === undefined) return [];
    const moments: Readonly<Record<EndOfVersion, number | null>> = {
      'near-expiry': announcedAt(key, version, this.#around.speed),
      expired: expires * 1000,
    };
    return [...untold].flatMap((what) => {
      const at = moments[what];
      if (at === null) return [];
      const act = () => {
        version.untold = new Set([...version.untold].filter((it) => it !== what));
        this.onEvent({ what, vault, key, version });
      };
      return [{ at, act }];
    });
  }
}

/** What a rotation makes: as long as the one before and for the same uses, with the end that the policy gives it. */
export function nextVersion(key: VaultKey, before: KeyVersion, random: Random): KeyVersion {
  const version = newVersion(
    random,
    { tags: before.tags, key_ops: before.operations },
    before.sizeBits,
  );
  version.expires = expiryOf(key, version.created);
  return version;
}
