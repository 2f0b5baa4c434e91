import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextOccurrence, parseSchedule, ScheduleError } from '../src/triggers/ncrontab.ts';

const after = (schedule: string, from: string): string =>
  new Date(nextOccurrence(parseSchedule(schedule), Date.parse(from)) ?? Number.NaN).toISOString();

test.for<[schedule: string, from: string, next: string]>([
  ['0 */5 * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:05:00.000Z'],
  ['0 */5 * * * *', '2026-03-01T10:04:59.999Z', '2026-03-01T10:05:00.000Z'],
  ['*/5 * * * *', '2026-03-01T10:01:00Z', '2026-03-01T10:05:00.000Z'],
  ['0 0 0 1 1 *', '2026-11-22T08:49:48Z', '2027-01-01T00:00:00.000Z'],
  ['0 30 9 * * 1-5', '2026-03-06T09:30:00Z', '2026-03-09T09:30:00.000Z'],
  ['0 30 9 * * Mon-Fri', '2026-03-06T09:30:00Z', '2026-03-09T09:30:00.000Z'],
  ['0 0 0 * * sunday', '2026-03-02T00:00:00Z', '2026-03-08T00:00:00.000Z'],
  ['0 0 0 * * 7', '2026-03-02T00:00:00Z', '2026-03-08T00:00:00.000Z'],
  ['15,45 0 12 * jan,jul *', '2026-03-01T00:00:00Z', '2026-07-01T12:00:15.000Z'],
  ['0 5/20 * * * *', '2026-03-01T10:26:00Z', '2026-03-01T10:45:00.000Z'],
  ['0 0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['0 0 0 31 * *', '2026-04-01T00:00:00Z', '2026-05-31T00:00:00.000Z'],
  ['0 0 0 13 * fri', '2026-04-01T00:00:00Z', '2026-11-13T00:00:00.000Z'],
  ['0 0 0 * January *', '2026-04-01T00:00:00Z', '2027-01-01T00:00:00.000Z'],
  ['0 0 0 29 2 1', '2026-01-01T00:00:00Z', '2044-02-29T00:00:00.000Z'],
  ['00:01:30', '2026-03-01T10:00:00Z', '2026-03-01T10:01:30.000Z'],
  ['1.00:00:00', '2026-03-01T10:00:00Z', '2026-03-02T10:00:00.000Z'],
])('%s after %s is %s', ([schedule, from, next]) => {
  expect(after(schedule, from)).toBe(next);
});

test.for([
  '',
  '* * * *',
  '60 * * * * *',
  '0 0 24 * * *',
  '0 0 0 0 * *',
  '0 */0 * * * *',
  '0 9-5 * * * *',
  '0 0 0 * foo *',
  '0 0 0 * * 8',
  '0 0 0 L * *',
  '0 0 0 15W * *',
  '0 0 0 * * 5#2',
  '0 0 0 ? * ?',
  '0 /20 * * * *',
  '0 0 0 * * * 2027',
  '@daily',
  '2027-01-01T00:00:00',
  '00:00:00',
  'every day',
])('refuses %j', (schedule) => {
  expect(() => parseSchedule(schedule)).toThrow(ScheduleError);
});

test.for(['0 0 0 30 2 *', '0 0 0 31 2 *'])('%s never comes', (schedule) => {
  expect(nextOccurrence(parseSchedule(schedule), Date.parse('2026-01-01'))).toBeNull();
});

test('each occurrence is later, fits, and none is left out', () => {
  const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 5 });
  const times = fc.integer({ min: Date.parse('2000-01-01'), max: Date.parse('2100-01-01') });

  fc.assert(
    fc.property(minutes, times, (wanted, from) => {
      const next = nextOccurrence(parseSchedule(`0 ${wanted.join()} * * * *`), from) ?? 0;
      expect(next).toBeGreaterThan(from);
      expect(wanted).toContain(new Date(next).getUTCMinutes());
      for (let at = next - 60_000; at > from; at -= 60_000) {
        expect(wanted).not.toContain(new Date(at).getUTCMinutes());
      }
    }),
  );
});
