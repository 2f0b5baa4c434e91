/** Where a value stands: `properties.encryption.type`. Undefined when it is not there. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((it, step) => {
    return typeof it === 'object' && it !== null ? Reflect.get(it, step) : undefined;
  }, value);
}

export function textAt(value: unknown, path: string): string | undefined {
  const found = at(value, path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function numberAt(value: unknown, path: string): number | undefined {
  const found = at(value, path);
  return typeof found === 'number' ? found : undefined;
}

export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

/** Tags, or undefined when there are none. */
export function tagsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  const tags = Object.entries(at(value, 'tags') ?? {});
  if (tags.length === 0) return undefined;
  return Object.fromEntries(tags.map(([name, text]) => [name, String(text)]));
}

type Defined<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

/** The object without what is undefined: a description says only what it knows. */
export function known<T extends object>(value: T): Partial<Defined<T>> {
  const entries = Object.entries(value).filter(([, it]) => it !== undefined);
  return Object.fromEntries(entries) as Partial<Defined<T>>;
}

const DAY_MS = 86_400_000;

/** Days with two decimals; negative for what is over. */
export function daysUntil(atMs: number, nowMs: number): number {
  return Math.round(((atMs - nowMs) / DAY_MS) * 100) / 100;
}

/** The last segment of an ARM ID. */
export function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
