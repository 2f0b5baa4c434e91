/** Where the store is. */
export type JournalPlace =
  | { readonly kind: 'azure'; readonly url: string }
  | { readonly kind: 'file'; readonly path: string };

/**
 * Reads what names the store: the URL of a storage account's tables, or the path of a file.
 *
 * Null for a URL that is neither: a token goes to storage accounts of the cloud alone.
 *
 * @param hostSuffixes e.g. `.table.core.windows.net`.
 */
export function parseJournalPlace(
  text: string,
  hostSuffixes: readonly string[],
): JournalPlace | null {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return { kind: 'file', path: text };
  if (!URL.canParse(text)) return null;
  const { protocol, origin, href, hostname } = new URL(text);
  const isAccount = hostSuffixes.some((suffix) => hostname.endsWith(suffix));
  if (protocol !== 'https:' || href !== `${origin}/` || !isAccount) return null;
  return { kind: 'azure', url: origin };
}
