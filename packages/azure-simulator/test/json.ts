import type { Json } from './recorded.ts';

export function pick(from: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

export function object(from: Json, name: string): Json {
  const found = from[name];
  return typeof found === 'object' && found !== null ? (found as Json) : {};
}

export function list(from: Json, name: string): readonly Json[] {
  const found = from[name];
  return Array.isArray(found) ? found : [];
}

export function text(from: Json, name: string): string {
  return String(from[name] ?? '');
}

export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Groups have small letters here, so that capitals in an answer are Azure's rule. */
export function groupOf(id: string): string {
  return (/\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? 'rg').toLowerCase();
}
