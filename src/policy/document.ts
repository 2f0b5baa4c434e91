import { type Document, isMap, isScalar, type Node, visit } from 'yaml';

/** The document as plain data; a mistake for what the yaml package throws at, which is aliases. */
export function contentOf(
  document: Document.Parsed,
): { readonly value: unknown } | { readonly offset: number; readonly message: string } {
  try {
    return { value: document.toJS({ maxAliasCount: 20 }) };
  } catch (error) {
    let offset = 0;
    visit(document, {
      Alias(_, alias) {
        offset = alias.range?.[0] ?? 0;
        return alias.resolve(document) === undefined ? visit.BREAK : undefined;
      },
    });
    return { offset, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Where in the text a mistake stands: the member's own key, or the nearest thing around it. */
export function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let offset = root?.range?.[0] ?? 0;
  let node: unknown = root;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (!pair) return offset;
      offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = pair.value;
    } else {
      node = (node as { get?: (key: unknown, keep: true) => unknown })?.get?.(step, true);
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    }
  }
  return offset;
}

/** A path as people write it, e.g. `scope[0].subscription`. */
export function writtenPath(path: readonly PropertyKey[]): string {
  return path
    .map((step, place) =>
      typeof step === 'number' ? `[${step}]` : `${place > 0 ? '.' : ''}${String(step)}`,
    )
    .join('');
}
