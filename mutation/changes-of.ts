import type { parseAst } from 'vitest/node';
import type { Change, Range } from './mutant.ts';

type Statement = ReturnType<typeof parseAst>['body'][number];
type Expression = Extract<Statement, { type: 'ExpressionStatement' }>['expression'];
type Typed<T extends Expression['type']> = Extract<Expression, { type: T }>;

/** What a mutant can be made of: the rest of the tree is only walked through. */
export type Node = Statement | Expression;

const SWAPS = new Map(
  Object.entries({
    '===': ['!=='],
    '!==': ['==='],
    '<': ['<=', '>='],
    '<=': ['<', '>'],
    '>': ['>=', '<='],
    '>=': ['>', '<'],
    '+': ['-'],
    '-': ['+'],
    '*': ['/'],
    '/': ['*'],
    '%': ['*'],
    '&&': ['||'],
    '||': ['&&'],
  }),
);

const METHOD_SWAPS = new Map(
  Object.entries({
    some: 'every',
    every: 'some',
    startsWith: 'endsWith',
    endsWith: 'startsWith',
    min: 'max',
    max: 'min',
  }),
);

/** Methods whose result is of the kind of what they are called on. */
const DROPPED = /^(filter|toSorted|sort|toReversed|slice|trim|toLowerCase|toUpperCase|flat)$/;

/** All small changes of one node, not of what is in it. */
export function changesOf(node: Node, source: string): Change[] {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
      return swapped(node, source);
    case 'UnaryExpression':
      if (node.operator !== '!' && node.operator !== '-') return [];
      return [changed(node, textOf(node.argument, source))];
    case 'IfStatement':
    case 'ConditionalExpression':
      return [changed(node.test, 'true'), changed(node.test, 'false')];
    case 'WhileStatement':
      return [changed(node.test, 'false')];
    case 'Literal':
      return literals(node);
    case 'TemplateLiteral':
      return [changed(node, "''")];
    case 'ArrayExpression':
      return [
        ...(node.elements.length > 0 ? [changed(node, '[]')] : []),
        ...spreads(node.elements, '[]'),
      ];
    case 'ObjectExpression':
      return [...members(node), ...spreads(node.properties, '{}')];
    case 'CallExpression':
      return methods(node, source);
    case 'AssignmentExpression':
      if (node.operator !== '+=' && node.operator !== '-=') return [];
      return between(node, node.left, node.right, source, node.operator === '+=' ? '-=' : '+=');
    case 'UpdateExpression':
      return [changed(node, textOf(node, source).replace(/\+\+|--/, opposite))];
    case 'ExpressionStatement':
    case 'ThrowStatement':
      return isSuperCall(node) ? [] : [{ ...rangeOf(node), by: '{}', isStatement: true }];
    case 'ReturnStatement':
      return returned(node);
    default:
      return [];
  }
}

function swapped(node: Typed<'BinaryExpression' | 'LogicalExpression'>, source: string): Change[] {
  const { left, right, operator } = node;
  if (operator === '??') return [changed(node, textOf(left, source))];
  return (SWAPS.get(operator) ?? []).flatMap((by) => between(node, left, right, source, by));
}

/** The node with another operator between its sides, whatever parentheses they are in. */
function between(node: Range, left: Range, right: Range, source: string, by: string): Change[] {
  const middle = source.slice(left.end, right.start).replace(/[^\s()]+/, by);
  const text = source.slice(node.start, left.end) + middle + source.slice(right.start, node.end);
  return [changed(node, text)];
}

function literals(node: Typed<'Literal'>): Change[] {
  if ('regex' in node) return patterns(node, node.regex);
  if (typeof node.value === 'string') return [changed(node, node.value ? "''" : "'mutant'")];
  if (typeof node.value === 'boolean') return [changed(node, String(!node.value))];
  if (typeof node.value !== 'number') return [];
  const others = node.value === 0 ? [1] : [node.value + 1, 0];
  return others.map((other) => changed(node, String(other)));
}

function patterns(node: Range, { pattern, flags }: { pattern: string; flags: string }): Change[] {
  return [
    ...(pattern.startsWith('^') ? [`/${pattern.slice(1) || '(?:)'}/${flags}`] : []),
    ...(pattern.endsWith('$') ? [`/${pattern.slice(0, -1)}/${flags}`] : []),
    ...(flags.includes('i') ? [`/${pattern}/${flags.replace('i', '')}`] : []),
  ].map((by) => changed(node, by));
}

/** Literals have changes of their own; a function in place of which is null is soon noticed. */
function members(node: Typed<'ObjectExpression'>): Change[] {
  return node.properties.flatMap((property) => {
    if (property.type !== 'Property' || property.kind !== 'init') return [];
    const { key, value, shorthand } = property;
    if (/^Literal$|Function/.test(value.type)) return [];
    const prefix = shorthand && key.type === 'Identifier' ? { prefix: `${key.name}: ` } : {};
    return [{ ...changed(value, 'null'), ...prefix }];
  });
}

function spreads(
  among: readonly ({ type: string; argument?: unknown } | null)[],
  by: string,
): Change[] {
  return among.flatMap((each) =>
    each?.type === 'SpreadElement' ? changed(each.argument as Range, by) : [],
  );
}

function methods(node: Typed<'CallExpression'>, source: string): Change[] {
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [];
  const { name } = callee.property;
  if (DROPPED.test(name)) return [changed(node, textOf(callee.object, source))];
  const by = METHOD_SWAPS.get(name);
  if (by === undefined) return [];
  const { start, end } = callee.property;
  return [changed(node, source.slice(node.start, start) + by + source.slice(end, node.end))];
}

function returned(node: Extract<Statement, { type: 'ReturnStatement' }>): Change[] {
  if (!node.argument) return [{ ...rangeOf(node), by: '{}', isStatement: true }];
  const isTelling = /^(Call|Await|Member|Chain|New|Yield)Expression$|^Identifier$/;
  return isTelling.test(node.argument.type) ? [changed(node.argument, 'undefined')] : [];
}

function isSuperCall(node: Statement): boolean {
  return (
    node.type === 'ExpressionStatement' &&
    node.expression.type === 'CallExpression' &&
    node.expression.callee.type === 'Super'
  );
}

const opposite = (operator: string): string => (operator === '++' ? '--' : '++');
const rangeOf = ({ start, end }: Range): Range => ({ start, end });
const changed = (range: Range, by: string): Change => ({ ...rangeOf(range), by });
const textOf = ({ start, end }: Range, source: string): string => source.slice(start, end);
