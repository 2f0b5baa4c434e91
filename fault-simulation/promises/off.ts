/** A VM that keyturn has switched off. */
export interface Off {
  readonly vmId: string;
  readonly sinceMs: number;
  /** What it counts for. */
  readonly keys: readonly string[];
  /** When keyturn sent a start. */
  readonly startsMs: number[];
  /** Its conversion was ended from outside, and cannot start it. */
  isOrphan: boolean;
  /** When it ran again, was gone, or became its owner's affair; null: never. */
  untilMs: number | null;
}

/** It runs again, is gone, or is its owner's affair. */
export function endOff(off: Map<string, Off>, vmId: string, atMs: number): void {
  const held = off.get(vmId);
  if (held) held.untilMs = atMs;
  off.delete(vmId);
}
