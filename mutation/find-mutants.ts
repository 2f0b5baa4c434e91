import { parseAst } from 'vitest/node';
import { changesOf, type Node } from './changes-of.ts';
import type { Change, Range } from './mutant.ts';

/** What a source could be changed to, and the bodies of its loops. */
export interface Mutable {
  readonly changes: readonly Change[];
  readonly loops: readonly Range[];
}

type Visit = (node: Node, place: Place) => void;

/** Of a chain such as `a?.b().c` only the whole can be switched, or it would end too early. */
type Place = 'outside' | 'whole' | 'inside';

const LINK = /^(object|callee|expression)$/;
/** Names and paths, no values. */
const NAME = /^(key|source|quasi)$/;
/** What of TypeScript is there when the program runs. */
const TRANSPARENT = /^TS(As|Satisfies|NonNull)Expression$/;

/** Finds all changes of a source that this folder knows. */
export function findMutants(source: string): Mutable {
  const found = new Map<string, Change>();
  const loops: Range[] = [];
  walk(parseAst(source, { lang: 'ts' }), 'outside', (node, place) => {
    if (/^(For|While|DoWhile)/.test(node.type) && 'body' in node && isNode(node.body))
      loops.push(node.body);
    if (place === 'inside' && node.type === 'CallExpression') return;
    for (const change of changesOf(node, source)) {
      found.set(`${change.start}-${change.end}-${change.by}`, change);
    }
  });
  return { changes: [...found.values()], loops };
}

function walk(node: Node | ReturnType<typeof parseAst>, place: Place, visit: Visit): void {
  if (/^(Import|ExportAll)/.test(node.type)) return;
  if (node.type.startsWith('TS') && !TRANSPARENT.test(node.type)) return;
  if (node.type !== 'Program') visit(node, place);
  const isComputed = 'computed' in node && node.computed;
  for (const [name, value] of Object.entries(node)) {
    if (NAME.test(name) && !isComputed) continue;
    for (const child of [value].flat()) {
      if (isNode(child)) walk(child, placeOf(node, name, place), visit);
    }
  }
}

function placeOf(parent: { type: string }, name: string, place: Place): Place {
  if (parent.type === 'ChainExpression') return 'whole';
  const isLink = /^(Call|Member|TSNonNull)Expression$/.test(parent.type) && LINK.test(name);
  return isLink && place !== 'outside' ? 'inside' : 'outside';
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
