import { isObject, type JsonObject } from '../resources/json.ts';
import { OPERATORS } from './filter-operators.ts';

/** Filters of a subscription, and values in all of them. Source: "Event Grid quotas and limits". */
const MOST_FILTERS = 25;
const MOST_VALUES = 25;
const LONGEST_TEXT = 512;

/** Everything that is wrong with the advanced filters of a subscription, in words. */
export function filterMistakes(filters: unknown): readonly string[] {
  if (filters === undefined || filters === null) return [];
  if (!Array.isArray(filters)) return ['advancedFilters must be a list.'];
  const values = filters.flatMap((it: unknown) => valuesOf(it)).length;
  return [
    ...(filters.length > MOST_FILTERS
      ? [`There are ${filters.length} advanced filters; ${MOST_FILTERS} are allowed.`]
      : []),
    ...(values > MOST_VALUES
      ? [`There are ${values} values in all advanced filters; ${MOST_VALUES} are allowed.`]
      : []),
    ...filters.flatMap((it: unknown, index) =>
      mistakesOf(it).map((mistake) => `advancedFilters[${index}]: ${mistake}`),
    ),
  ];
}

function mistakesOf(filter: unknown): readonly string[] {
  if (!isObject(filter)) return ['it must be an object.'];
  const { key, operatorType } = filter;
  const operator = OPERATORS[String(operatorType).toLowerCase()];
  return [
    ...(typeof key === 'string' && key !== '' ? [] : ['key is missing.']),
    ...(operator
      ? operandMistakes(filter, operator)
      : [`there is no operator ${String(operatorType)}.`]),
  ];
}

function operandMistakes(
  filter: JsonObject,
  { operands, type }: (typeof OPERATORS)[string],
): readonly string[] {
  if (operands === 'none') return [];
  const all = operands === 'values' ? filter['values'] : [filter['value']];
  if (!Array.isArray(all) || all.length === 0) return ['values must be a list with a value.'];
  return all.flatMap((it: unknown) => {
    if (!isOf(it, type)) return [`${JSON.stringify(it) ?? 'nothing'} is no ${type}.`];
    const tooLong = typeof it === 'string' && it.length > LONGEST_TEXT;
    return tooLong ? [`a text is longer than ${LONGEST_TEXT} characters.`] : [];
  });
}

function isOf(value: unknown, type: string): boolean {
  if (type === 'text') return typeof value === 'string';
  if (type === 'number') return typeof value === 'number';
  if (type === 'flag') return typeof value === 'boolean';
  return Array.isArray(value) && value.length === 2 && value.every((it) => isOf(it, 'number'));
}

function valuesOf(filter: unknown): readonly unknown[] {
  if (!isObject(filter)) return [];
  if (Array.isArray(filter['values'])) return filter['values'];
  return filter['value'] === undefined ? [] : [filter['value']];
}
