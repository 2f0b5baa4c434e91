import { describe, expect, test } from 'vitest';
import type { GridEvent } from '../src/event-grid/event.ts';
import { type AdvancedFilter, type EventFilter, passes } from '../src/event-grid/filter.ts';
import { filterMistakes } from '../src/event-grid/filter-mistakes.ts';

const EVENT: GridEvent = {
  id: 'e-1',
  kind: 'resources',
  type: 'Microsoft.Resources.ResourceWriteSuccess',
  subject: '/subscriptions/s/resourcegroups/RG-Erp/providers/Microsoft.Compute/disks/disk-1',
  topic: '/subscriptions/s',
  time: '2026-11-22T00:00:00.0000000Z',
  dataVersion: '2',
  data: {
    operationName: 'Microsoft.Compute/disks/write',
    size: 128,
    shared: true,
    absent: null,
    zones: ['1', '2'],
    claims: { 'http://schemas/oid': 'o' },
    resourceInfo: { properties: { encryption: { type: 'EncryptionAtRestWithPlatformKey' } } },
  },
};

const passesFilter = (filter: EventFilter) => passes(EVENT, 'resources', filter);
const advanced = (filter: AdvancedFilter, more: EventFilter = {}) =>
  passesFilter({ ...more, advancedFilters: [filter] });

test.for<[filter: EventFilter, expected: boolean]>([
  [{}, true],
  [{ includedEventTypes: ['microsoft.resources.resourcewritesuccess'] }, true],
  [{ includedEventTypes: ['Microsoft.Resources.ResourceDeleteSuccess'] }, false],
  [{ subjectBeginsWith: '/subscriptions/S/resourceGroups/rg-erp/' }, true],
  [{ subjectBeginsWith: '/subscriptions/S/', isSubjectCaseSensitive: true }, false],
  [{ subjectEndsWith: '/DISK-1' }, true],
  [{ subjectEndsWith: '/disk-2' }, false],
])('%j: %s', ([filter, expected]) => {
  expect(passesFilter(filter)).toBe(expected);
});

test('an event of another topic does not pass', () => {
  expect(passes(EVENT, 'resource-notifications', {})).toBe(false);
});

const op = (operatorType: string, key: string, operand?: unknown): AdvancedFilter => ({
  operatorType,
  key,
  ...(Array.isArray(operand) ? { values: operand } : { value: operand }),
});

test.for<[filter: AdvancedFilter, expected: boolean]>([
  [op('StringIn', 'data.operationName', ['x', 'microsoft.compute/DISKS/write']), true],
  [op('StringIn', 'data.operationName', ['Microsoft.Compute/disks']), false],
  [op('StringNotIn', 'data.operationName', ['x']), true],
  [op('StringNotIn', 'data.operationName', ['microsoft.compute/disks/write']), false],
  [op('StringNotIn', 'data.nothing', ['x']), true],
  [op('StringIn', 'data.nothing', ['x']), false],
  [op('StringBeginsWith', 'data.operationName', ['Microsoft.Storage', 'Microsoft.Compute']), true],
  [op('StringNotBeginsWith', 'data.operationName', ['Microsoft.Compute']), false],
  [op('StringNotBeginsWith', 'data.nothing', ['x']), false],
  [op('StringEndsWith', 'Subject', ['/disk-1']), true],
  [op('StringNotEndsWith', 'subject', ['/disk-1']), false],
  [op('StringContains', 'subject', ['/rg-erp/']), true],
  [op('StringNotContains', 'subject', ['/rg-erp/', 'x']), false],
  [op('StringIn', 'EventType', ['Microsoft.Resources.ResourceWriteSuccess']), true],
  [op('NumberIn', 'data.size', [64, 128]), true],
  [op('NumberNotIn', 'data.size', [64]), true],
  [op('NumberNotIn', 'data.nothing', [64]), true],
  [op('NumberIn', 'data.operationName', [64]), false],
  [op('NumberLessThan', 'data.size', 128), false],
  [op('NumberLessThanOrEquals', 'data.size', 128), true],
  [op('NumberGreaterThan', 'data.size', 127), true],
  [op('NumberGreaterThanOrEquals', 'data.size', 129), false],
  [
    op('NumberInRange', 'data.size', [
      [1, 2],
      [100, 128],
    ]),
    true,
  ],
  [op('NumberNotInRange', 'data.size', [[100, 128]]), false],
  [op('BoolEquals', 'data.shared', true), true],
  [op('BoolEquals', 'data.shared', false), false],
  [op('BoolEquals', 'data.size', true), false],
  [op('IsNotNull', 'data.size'), true],
  [op('IsNotNull', 'data.absent'), false],
  [op('IsNullOrUndefined', 'data.absent'), true],
  [op('IsNullOrUndefined', 'data.nothing'), true],
  [op('IsNullOrUndefined', 'data.size'), false],
  [
    op('StringIn', 'data.resourceInfo.properties.encryption.type', [
      'EncryptionAtRestWithPlatformKey',
    ]),
    true,
  ],
  [op('IsNotNull', 'data.claims.http://schemas/oid'), true],
  [op('StringIn', 'data.zones', ['1']), false],
])('%j: %s', ([filter, expected]) => {
  expect(advanced(filter)).toBe(expected);
});

test('a name with a dot in it cannot be reached', () => {
  const data = { 'a.b': 'x' };
  const filter = { advancedFilters: [op('StringIn', 'data.a.b', ['x'])] };

  expect(passes({ ...EVENT, data }, 'resources', filter)).toBe(false);
});

test('lists are looked into when that is asked for', () => {
  const arrays = { enableAdvancedFilteringOnArrays: true };

  expect(advanced(op('StringIn', 'data.zones', ['2']), arrays)).toBe(true);
  expect(advanced(op('StringNotIn', 'data.zones', ['2']), arrays)).toBe(false);
  expect(advanced(op('StringNotIn', 'data.zones', ['3']), arrays)).toBe(true);
});

test('all filters of a subscription must hold', () => {
  const yes = op('NumberIn', 'data.size', [128]);
  const no = op('NumberIn', 'data.size', [64]);

  expect(passesFilter({ advancedFilters: [yes, yes] })).toBe(true);
  expect(passesFilter({ advancedFilters: [yes, no] })).toBe(false);
});

describe('mistakes', () => {
  test('25 values in all filters are allowed, not more', () => {
    const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
    const filters = (count: number) => [
      op('StringIn', 'data.a', values(20)),
      op('StringIn', 'data.b', values(count)),
    ];

    expect(filterMistakes(filters(5))).toEqual([]);
    expect(filterMistakes(filters(6))).toEqual([
      'There are 26 values in all advanced filters; 25 are allowed.',
    ]);
  });

  test('all are named at once', () => {
    const long = 'x'.repeat(513);

    expect(
      filterMistakes([
        { operatorType: 'StringLike', key: 'data.a', values: ['x'] },
        { operatorType: 'StringIn', key: '', values: [1] },
        { operatorType: 'NumberInRange', key: 'a', values: [[1]] },
        { operatorType: 'StringIn', key: 'a', values: [] },
        { operatorType: 'StringIn', key: 'a', values: [long] },
        'x',
      ]),
    ).toEqual([
      'advancedFilters[0]: there is no operator StringLike.',
      'advancedFilters[1]: key is missing.',
      'advancedFilters[1]: 1 is no text.',
      'advancedFilters[2]: [1] is no range.',
      'advancedFilters[3]: values must be a list with a value.',
      'advancedFilters[4]: a text is longer than 512 characters.',
      'advancedFilters[5]: it must be an object.',
    ]);
    expect(filterMistakes('x')).toEqual(['advancedFilters must be a list.']);
    expect(filterMistakes(undefined)).toEqual([]);
  });
});
