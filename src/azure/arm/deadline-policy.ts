import { type PipelinePolicy, RestError } from '@azure/core-rest-pipeline';

/** Azure answers within seconds, or with a 202; the SDKs' own limit is none. */
const DEADLINE_MS = 60_000;

/**
 * Gives up a request that gets no answer: one that hangs would hold its VM off for ever.
 *
 * It ends as a lost connection does, so it is asked again.
 */
export const deadlinePolicy: PipelinePolicy = {
  name: 'deadline',
  sendRequest: async (request, next) => {
    const abort = new AbortController();
    request.abortSignal ??= abort.signal;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const message = `No answer within ${DEADLINE_MS / 1000} s.`;
        reject(new RestError(message, { code: 'ETIMEDOUT', request }));
        abort.abort();
      }, DEADLINE_MS);
    });
    try {
      return await Promise.race([next(request), late]);
    } finally {
      clearTimeout(timer);
    }
  },
};
