import type { Requester } from '../../domain/people/requester.ts';
import { defineClientActivity } from '../../durable/steps.ts';
import { instanceRequest } from '../conversion/instance-request.ts';
import { type AskedBy, startAll } from '../conversion/start-instances.ts';
import type { Services } from '../services.ts';

interface Input {
  readonly requestId: string;
  readonly requestedBy: Requester;
  readonly askedBy: AskedBy;
  /** Of the page before; null for the first. */
  readonly after: string | null;
}

interface Output {
  readonly started: number;
  /** Null: that was the last page. */
  readonly after: string | null;
}

/** So many are started in a few seconds. */
const PAGE = 250;

/** Starts the conversions of a page of what a request found. Safe to repeat, as `startInstances` is. */
export const startTargets = defineClientActivity(
  'startTargets',
  { attempts: 5, firstDelayMs: 2_000 },
  (services: Services, client) =>
    async ({ requestId, requestedBy, askedBy, after }: Input): Promise<Output> => {
      const { targets, next } = await services.store.targets.open(requestId, after, PAGE);
      const requests = targets.map((target) => instanceRequest(target, requestedBy));
      const starts = await startAll(services, client, { requests, askedBy });
      return { started: starts.filter(({ start }) => start === 'started').length, after: next };
    },
);
