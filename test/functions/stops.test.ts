import { expect, test } from 'vitest';
import { inAzure, type Run, setIdOf, standing } from '../orchestrators/a-run.ts';
import { CLIENT_ID } from '../support/simulated-app.ts';

const FUNCTION_KEY = { 'x-functions-key': 'a function key' };
const UNTOUCHED = { powerState: 'running', deallocations: 0, starts: 0, marked: false };
const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };
const REASON = 'change freeze';

interface Answered {
  readonly status: number;
  readonly body: { readonly value?: readonly object[]; readonly error?: { readonly code: string } };
}

const anna = ({ simulator }: Run, role: string) => ({
  authorization: `Bearer ${simulator.personToken({
    name: 'anna@contoso.example',
    audience: CLIENT_ID,
    roles: [role],
  })}`,
});

const put = async (
  { app }: Run,
  body: unknown,
  headers: Readonly<Record<string, string>> = FUNCTION_KEY,
) => (await app.ask('PUT', '/api/stop', body, headers)) as Answered;

const remove = async ({ app }: Run, scope: string, headers: Readonly<Record<string, string>>) => {
  const query = new URLSearchParams({ scope });
  return (await app.ask('DELETE', `/api/stop?${query}`, undefined, headers)) as Answered;
};

const stops = async ({ app }: Run) =>
  ((await app.ask('GET', '/api/stop', undefined, FUNCTION_KEY)) as Answered).body.value;

test('a function key stops everything; a person with the role lets it go on', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    const stopped = await put(run, { scope: 'everything', reason: REASON });
    const since = new Date(run.time.now()).toISOString();
    const what = 'everything';
    const stop = { scope: what, what, by: 'a function key', reason: REASON, at: since };
    expect(stopped).toEqual({ status: 200, body: { value: [stop] } });
    expect(await stops(run)).toEqual([stop]);
    await run.convert(run.vm().id);
    expect(standing(run.vm())).toEqual(UNTOUCHED);

    for (const headers of [FUNCTION_KEY, anna(run, 'keyturn.convert')]) {
      expect((await remove(run, 'everything', headers)).status).toBeGreaterThan(400);
    }
    expect(await stops(run)).toEqual([stop]);
    const resumed = await remove(run, 'everything', anna(run, 'keyturn.approve'));
    expect(resumed).toEqual({ status: 200, body: { value: [] } });
    await run.convert(run.vm().id);
    expect(standing(run.vm())).toEqual(ONCE);
  });
});

test('a stop for one set is about that set, in any case, and says which person made it', async () => {
  const vms = [{ name: 'vm-1' }, { name: 'vm-2', location: 'northeurope' }];
  await inAzure({ vms }, async (run) => {
    const scope = setIdOf(run.simulator);
    await put(run, { scope: `${scope}/`, reason: REASON }, anna(run, 'Reader'));
    expect(await stops(run)).toMatchObject([{ scope, by: 'anna@contoso.example' }]);

    await run.sweep();
    expect(standing(run.vm('vm-1'))).toEqual(UNTOUCHED);
    expect(standing(run.vm('vm-2'))).toEqual(ONCE);

    const upper = scope.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions');
    expect(await remove(run, upper, anna(run, 'keyturn.approve'))).toMatchObject({ status: 200 });
    expect(await stops(run)).toEqual([]);
  });
});

test('a stop for a subscription, or a size in a zone, is about that alone', async () => {
  const zones = ['2'];
  const size = 'Standard_E8s_v5';
  const vms = [{ name: 'vm-1', size, zones }, { name: 'vm-2', size }, { name: 'vm-3' }];
  await inAzure({ vms }, async (run) => {
    await put(run, { scope: 'size/Standard_E8s_v5/WestEurope/2', reason: REASON });
    const theirs = '/subscriptions/11111111-1111-4111-8111-111111111111';
    await put(run, { scope: theirs, reason: REASON });
    const told = (await stops(run))?.map((stop) => ('what' in stop ? stop.what : null));
    expect(told?.toSorted()).toEqual([
      'VMs of size Standard_E8s_v5 in zone 2 of westeurope',
      'the subscription 11111111-1111-4111-8111-111111111111',
    ]);

    await run.sweep();

    expect(standing(run.vm('vm-1'))).toEqual(UNTOUCHED);
    expect([run.vm('vm-2'), run.vm('vm-3')].map(standing)).toEqual([ONCE, ONCE]);
    // Somebody stopped it: no start of such a VM ends that.
    expect(await stops(run)).toHaveLength(2);
    const ours = `/subscriptions/${run.simulator.subscriptionId}`;
    await put(run, { scope: ours, reason: REASON });
    const approver = anna(run, 'keyturn.approve');
    await remove(run, 'size/standard_e8s_v5/westeurope/2', approver);
    await run.convert(run.vm('vm-1').id);
    expect(standing(run.vm('vm-1'))).toEqual(UNTOUCHED);
    await remove(run, ours, approver);
    await run.convert(run.vm('vm-1').id);
    expect(standing(run.vm('vm-1'))).toEqual(ONCE);
  });
});

test('a wrong token does not keep anybody from stopping', async () => {
  await inAzure({}, async (run) => {
    const { status } = await put(
      run,
      { scope: 'everything', reason: REASON },
      { authorization: 'Bearer static' },
    );

    expect(status).toBe(200);
    expect(await stops(run)).toMatchObject([{ by: 'a function key' }]);
  });
});

test('the first reason of a stop stays', async () => {
  await inAzure({}, async (run) => {
    await put(run, { scope: 'everything', reason: 'first' });
    const { body } = await put(run, { scope: 'everything', reason: 'second' });

    expect(body.value).toMatchObject([{ reason: 'first' }]);
  });
});

test.for<[what: string, status: number, body: unknown]>([
  ['no JSON', 400, '{'],
  ['nothing', 400, {}],
  ['no reason', 400, { scope: 'everything' }],
  ['an empty reason', 400, { scope: 'everything', reason: ' ' }],
  ['no scope', 400, { reason: REASON }],
  ['no subscription', 400, { scope: '/subscriptions/x', reason: REASON }],
  ['no size', 400, { scope: 'size/Standard_E8s_v5', reason: REASON }],
  ["keyturn's own", 400, { scope: 'too-much', reason: REASON }],
  ['Everything', 400, { scope: 'Everything', reason: REASON }],
  ['too much', 413, { scope: 'everything', reason: 'x'.repeat(20_000) }],
])('refuses to stop %s', async ([, status, body]) => {
  await inAzure({}, async (run) => {
    expect((await put(run, body)).status).toBe(status);
    expect(await stops(run)).toEqual([]);
  });
});

test.for<[query: string, status: number, code: string]>([
  ['', 400, 'InvalidQueryParameter'],
  ['?scope=', 400, 'InvalidQueryParameter'],
  ['?scope=all', 400, 'InvalidQueryParameter'],
  ['?scope=everything', 404, 'StopNotFound'],
])('takes no stop away by %j', async ([query, status, code]) => {
  await inAzure({}, async (run) => {
    const headers = anna(run, 'keyturn.approve');
    const answered = await run.app.ask('DELETE', `/api/stop${query}`, undefined, headers);

    expect(answered).toMatchObject({ status, body: { error: { code } } });
  });
});
