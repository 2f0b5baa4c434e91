export type Tags = Readonly<Record<string, string>>;

/** A tag's value, or null. Azure keeps the case of names, and does not look at it. */
export function tagValue(tags: Tags, name: string): string | null {
  const found = Object.entries(tags).find(([each]) => each.toLowerCase() === name.toLowerCase());
  return found?.[1] ?? null;
}

/** Whether all wanted tags are there, each with its value. */
export function hasTags(tags: Tags, wanted: Tags): boolean {
  return Object.entries(wanted).every(([name, value]) => tagValue(tags, name) === value);
}

/** The tags that count for a disk: its own, and where it says nothing those of its VM. */
export function joinedTags(ofDisk: Tags, ofVm: Tags): Tags {
  const both = [...Object.entries(ofVm), ...Object.entries(ofDisk)];
  return Object.fromEntries(both.map(([name, value]) => [name.toLowerCase(), value]));
}
