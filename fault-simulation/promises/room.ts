import type { AzureCall, Deed, Picture } from '../azure-log.ts';
import type { Off } from './off.ts';
import { nameOf, sameId } from './rules.ts';
import { type Violation, violation } from './violation.ts';

/** How long a look at a VM that does not start may go on, and be done again after a crash. */
const HEARD_MS = 5 * 60_000;
/** What is lost so soon after a failure was read may be lost before it was heeded. */
const HEEDED_MS = 2 * 60_000;

type Vm = Picture['vms'][number];

/** Where keyturn knows that there is no room for another VM; all VMs of a story are of one size. */
export class Room {
  readonly #noneSince = new Map<string, number>();
  #latest: Picture | null = null;

  /** Who has started shows that there is room again, in its zone and in its region. */
  look(picture: Picture): void {
    for (const vm of picture.vms) {
      const before = this.#latest?.vms.find(({ id }) => id === vm.id);
      if (vm.powerState !== 'running' || before?.powerState === 'running') continue;
      for (const place of placesOf(vm)) this.#noneSince.delete(place);
    }
    if (picture.storeIsAway) this.#forgetSince(picture.atMs);
    this.#latest = picture;
  }

  note({ kind, atMs, target }: Deed, off: ReadonlyMap<string, Off>): void {
    switch (kind) {
      case 'crashed':
      case 'state-lost':
      case 'terminated':
        this.#forgetSince(atMs);
        break;
      // People take it that there is room again.
      case 'resumed':
        if (target.toLowerCase().includes('size/')) this.#noneSince.clear();
        break;
      case 'no-room': {
        const vm = this.#latest?.vms.find(({ id }) => sameId(id, target));
        const isTried = (off.get(target.toLowerCase())?.startsMs.length ?? 0) > 0;
        const [place] = vm && isTried && vm.powerState === 'deallocated' ? placesOf(vm) : [];
        if (place && !this.#noneSince.has(place)) this.#noneSince.set(place, atMs);
      }
    }
  }

  /** Whether keyturn knew of a VM that it switched off that it would find no room. */
  judge(vm: Vm, { sentMs, atMs }: AzureCall): readonly Violation[] {
    const isKnown = placesOf(vm).some((place) => {
      const sinceMs = this.#noneSince.get(place);
      return sinceMs !== undefined && sentMs > sinceMs + HEARD_MS;
    });
    const text = `${nameOf(vm.id)} was switched off, though keyturn knew that there was no room for it`;
    return isKnown ? [violation('allowed right before', atMs, text)] : [];
  }

  #forgetSince(atMs: number): void {
    for (const [place, sinceMs] of this.#noneSince) {
      if (atMs - sinceMs < HEEDED_MS) this.#noneSince.delete(place);
    }
  }
}

/** The zone first; a region is all its zones, and what is in none. */
function placesOf({ region, zones }: Vm): readonly string[] {
  return [...zones.map((zone) => `${region}/${zone}`), region];
}
