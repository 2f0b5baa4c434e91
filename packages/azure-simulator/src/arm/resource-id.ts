/** An ARM resource ID taken apart; names keep the caller's casing. */
export interface ResourceId {
  readonly subscription: string;
  readonly group: string;
  /** `Microsoft.Compute/disks`. */
  readonly type: string;
  readonly name: string;
}

const ID =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)/i;

/** Takes the ID of a top-level resource apart; `null` for anything else. */
export function parseResourceId(id: string): ResourceId | null {
  const [, subscription, group, type, name] = ID.exec(id) ?? [];
  if (!subscription || !group || !type || !name) return null;
  return { subscription, group, type, name };
}

/** IDs are compared without regard to case: Azure itself answers in several casings. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The same ID with its resource group in capitals, as list calls and encryption settings show it. */
export function upperGroup(id: string): string {
  return id.replace(/(\/resourceGroups\/)([^/]+)/i, (_, word: string, group: string) => {
    return `${word}${group.toUpperCase()}`;
  });
}

/** The same ID with the resource group as the caller wrote it. */
export function withGroup(id: string, group: string): string {
  return id.replace(/(\/resourceGroups\/)([^/]+)/i, (_, word: string) => `${word}${group}`);
}

/** The subscription that an ID lies in, as the scope of its own; `''` above subscriptions. */
export function subscriptionScope(id: string): string {
  const [scope = ''] = /^\/subscriptions\/[^/]+/i.exec(id) ?? [];
  return scope;
}

/** Whether an ID is the scope or lies below it. */
export function startsWithId(id: string, scope: string): boolean {
  return `${id}/`.toLowerCase().startsWith(`${scope}/`.toLowerCase());
}
