/**
 * Whether one version of an orchestration is newer than another, as the Durable extension compares.
 *
 * None is the oldest; two to four numbers with dots between are compared by number; all else as
 * text, whatever its case. Source: "Orchestration versioning", section "Version comparison rules".
 */
export function isNewerVersion(version: string | null, than: string): boolean {
  if (version === null || version === '') return false;
  const [left, right] = [partsOf(version), partsOf(than)];
  if (left === null || right === null) return version.toLowerCase() > than.toLowerCase();
  const at = left.findIndex((part, place) => part !== right[place]);
  return at >= 0 && (left[at] ?? -1) > (right[at] ?? -1);
}

/** Always four: what .NET's `Version` was not given counts as -1. */
function partsOf(version: string): readonly number[] | null {
  if (!/^\d+(\.\d+){1,3}$/.test(version)) return null;
  const parts = version.split('.').map(Number);
  return [...parts, -1, -1].slice(0, 4);
}
