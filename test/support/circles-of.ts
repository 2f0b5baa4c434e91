/**
 * The circles of a graph: groups of nodes of which each leads to all the others.
 *
 * @param graph what each node leads to; what is no node itself does not count.
 */
export function circlesOf(
  graph: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const reached = new Map([...graph.keys()].map((node) => [node, reachedFrom(node, graph)]));
  const seen = new Set<string>();
  return [...graph.keys()].flatMap((node) => {
    if (seen.has(node)) return [];
    const circle = [...(reached.get(node) ?? [])].filter((it) => reached.get(it)?.has(node));
    for (const it of circle) seen.add(it);
    return circle.length > 0 ? [circle.toSorted()] : [];
  });
}

/** Everything that is reached from a node by at least one step. */
function reachedFrom(
  start: string,
  graph: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of graph.get(node) ?? []) {
      if (reached.has(next) || !graph.has(next)) continue;
      reached.add(next);
      open.push(next);
    }
  }
  return reached;
}
