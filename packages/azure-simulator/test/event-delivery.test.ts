import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { anAzureToWrite, anEndpoint } from './an-endpoint.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const MINUTE_MS = 60_000;

test('an event that is never taken ends as a dead letter five minutes after the last attempt', async () => {
  const { received, subscription } = anEndpoint([500, 404, 500]);
  const { subscribe, write, truth } = anAzureToWrite();
  subscribe(subscription({ maxDeliveryAttempts: 3, keepsDeadLetters: true }));

  await write();
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(truth()).toMatchObject({ pendingEvents: 0, deadLetters: [] });
  await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);

  expect(received).toHaveLength(3);
  expect(truth().deadLetters).toEqual([
    {
      subscription: 'test',
      deadLetterReason: 'MaxDeliveryAttemptsExceeded',
      deliveryAttempts: 3,
      lastDeliveryOutcome: 'GenericError',
      lastHttpStatusCode: 500,
      publishTime: expect.stringMatching(/Z$/),
      lastDeliveryAttemptTime: expect.stringMatching(/Z$/),
      event: expect.objectContaining({ id: received[0]?.event['id'] }),
    },
  ]);
  expect(truth().droppedEvents).toBe(0);
});

test('an event is given up once its time to live is over', async () => {
  const { received, subscription } = anEndpoint([503, 503, 503, 503, 503]);
  const { subscribe, write, truth } = anAzureToWrite();
  subscribe(subscription({ eventTimeToLiveInMinutes: 2, keepsDeadLetters: true }));

  await write();
  await vi.advanceTimersByTimeAsync(20 * MINUTE_MS);

  // After a 503 at least 30 s go by: at once, after 30 s, 60 s, and 120 s would be too late.
  expect(received).toHaveLength(3);
  expect(truth().deadLetters).toMatchObject([
    { deadLetterReason: 'TimeToLiveExceeded', deliveryAttempts: 3, lastDeliveryOutcome: 'Busy' },
  ]);
});

test.for<[status: number, reason: string]>([
  [400, 'UndeliverableDueToHttpBadRequest'],
  [401, 'UndeliverableDueToHttpUnauthorized'],
  [413, 'UndeliverableDueToHttpPayloadTooLarge'],
])('after a %i there is no second attempt: %s', async ([status, deadLetterReason]) => {
  const { received, subscription } = anEndpoint([status]);
  const { subscribe, write, truth } = anAzureToWrite();
  subscribe(subscription({ keepsDeadLetters: true }));

  await write();
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);

  expect(received).toHaveLength(1);
  expect(truth().deadLetters).toMatchObject([{ deadLetterReason, deliveryAttempts: 1 }]);
});

test('without a place for dead letters an event is gone', async () => {
  const { subscription } = anEndpoint([400]);
  const { subscribe, write, truth } = anAzureToWrite();
  subscribe(subscription());

  await write();
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);

  expect(truth()).toMatchObject({ pendingEvents: 0, droppedEvents: 1, deadLetters: [] });
});

test('an endpoint that fails ten times in a row is left alone, with new events too', async () => {
  const { received, subscription } = anEndpoint(Array.from({ length: 10 }, () => 404));
  const { subscribe, write, faults, truth } = anAzureToWrite();
  subscribe(subscription());
  faults.repeatNextEvent({ path: /disk-1/ }, 10);

  await write('disk-1');
  await vi.advanceTimersByTimeAsync(2_000);
  const before = received.length;
  const [state] = truth().subscriptions;
  await write('disk-2');
  await vi.advanceTimersByTimeAsync(4 * MINUTE_MS);
  const during = received.length;
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);

  expect(state?.delayedUntil).toBeDefined();
  expect([before, during, received.length]).toEqual([10, 10, 21]);
  expect(truth()).toMatchObject({ pendingEvents: 0, subscriptions: [{ state: 'active' }] });
  expect(truth().subscriptions[0]).not.toHaveProperty('delayedUntil');
});

test('a success that comes late takes the retry back', async () => {
  const { received, subscription } = anEndpoint([{ status: 200, afterMs: 35_000 }]);
  const { subscribe, write, truth } = anAzureToWrite();
  subscribe(subscription());

  await write();
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);

  expect(received).toHaveLength(1);
  expect(truth().pendingEvents).toBe(0);
});

test('a success that comes after the retry makes a duplicate', async () => {
  const { received, subscription } = anEndpoint([{ status: 200, afterMs: 45_000 }]);
  const { subscribe, write, truth } = anAzureToWrite();
  subscribe(subscription());

  await write();
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);

  expect(received.map(({ headers }) => headers.get('aeg-delivery-count'))).toEqual(['0', '1']);
  expect(new Set(received.map(({ event }) => event['id'])).size).toBe(1);
  expect(truth().pendingEvents).toBe(0);
});

test('an endpoint that never answers is tried again', async () => {
  const { received, subscription } = anEndpoint(['never']);
  const { subscribe, write } = anAzureToWrite();
  subscribe(subscription());

  await write();
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);

  expect(received).toHaveLength(2);
});

test('events are delayed and overtaken on order', async () => {
  const { received, subscription } = anEndpoint();
  const { subscribe, write, faults, truth } = anAzureToWrite();
  subscribe(subscription());
  faults.reorderNextEvent({ path: /disk-1/ });
  faults.delayNextEvent({ path: /disk-3/ }, 90_000);
  const order = () => received.map(({ event }) => String(event['subject']).slice(-6));

  await write('disk-1');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(truth().pendingEvents).toBe(1);
  await write('disk-2');
  await write('disk-3');
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect(order()).toEqual(['disk-2', 'disk-1']);
  await vi.advanceTimersByTimeAsync(MINUTE_MS);

  expect(order()).toEqual(['disk-2', 'disk-1', 'disk-3']);
  expect(faults.list()).toEqual([]);
});

test('an event that nothing overtakes comes after a minute', async () => {
  const { received, subscription } = anEndpoint();
  const { subscribe, write, faults } = anAzureToWrite();
  subscribe(subscription());
  faults.reorderNextEvent({ path: /disk-1/ });

  await write('disk-1');
  await vi.advanceTimersByTimeAsync(MINUTE_MS + 2_000);

  expect(received).toHaveLength(1);
});
