import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';

// Sends GETs as the SDKs do, through the proxy that the environment names, and prints the microseconds of one.
const [url = '', count = '0'] = process.argv.slice(2);
const http = createDefaultHttpClient();
const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
const headers = { authorization: 'Bearer static' };

const half = Number(count) / 2;
for (let place = 0; place < half; place++) await get();
const startedMs = performance.now();
for (let place = 0; place < half; place++) await get();
process.stdout.write(String(((performance.now() - startedMs) / half) * 1000));
process.exit();

async function get(): Promise<void> {
  const request = createPipelineRequest({ url, headers: createHttpHeaders(headers) });
  await pipeline.sendRequest(http, request);
}
