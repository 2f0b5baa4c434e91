import { expect, test } from 'vitest';
import type { ConversionRecord } from '../../src/domain/conversion/conversion-record.ts';
import type { ApprovalView } from '../../src/functions/http/approval-view.ts';
import { HOUR_MS, inAzure, type Run, standing } from '../orchestrators/a-run.ts';
import { CLIENT_ID, OWNER } from '../support/simulated-app.ts';

const VMS = [{ name: 'vm-1', dataDisks: 1 }, { name: 'vm-2' }, { name: 'vm-3' }];
const POLICY = { when: 'on-approval' } as const;
const UNTOUCHED = { powerState: 'running', deallocations: 0, starts: 0, marked: false };
const ONCE = { powerState: 'running', deallocations: 1, starts: 1, marked: false };
const FUNCTION_KEY = { 'x-functions-key': 'a function key' };

interface Answered {
  readonly status: number;
  readonly body: ApprovalView & {
    readonly value: readonly ApprovalView[];
    readonly nextLink?: string;
    readonly error?: { readonly code: string };
  };
}

const by = ({ simulator }: Run, name: string, role = 'keyturn.approve') => ({
  authorization: `Bearer ${simulator.personToken({
    name: `${name}@contoso.example`,
    audience: CLIENT_ID,
    roles: [role],
  })}`,
});

async function pending({ app }: Run): Promise<readonly ApprovalView[]> {
  return ((await app.ask('GET', '/api/approvals', undefined, FUNCTION_KEY)) as Answered).body.value;
}

async function of(run: Run, vm: string): Promise<ApprovalView> {
  const found = (await pending(run)).find(({ target }) => target === run.vm(vm).id);
  if (!found) throw new Error(`nobody asks about ${vm}`);
  return found;
}

async function decide(
  { app }: Run,
  { id, planDigest }: Pick<ApprovalView, 'id' | 'planDigest'>,
  headers: Readonly<Record<string, string>>,
  differences: object = {},
): Promise<Answered> {
  const body = { decision: 'approve', planDigest, ...differences };
  return (await app.ask('POST', `/api/approvals/${id}`, body, headers)) as Answered;
}

test('converts what a person approves, and nothing else', async () => {
  await inAzure({ vms: VMS, policy: POLICY }, async (run) => {
    await run.sweep();
    const asked = await of(run, 'vm-1');
    expect(asked).toMatchObject({ status: 'Pending', requestedBy: 'sweep', decidedBy: null });

    const { status, body } = await decide(run, asked, by(run, 'anna'), { reason: 'is idle' });
    await run.quiet();

    expect([status, body]).toMatchObject([
      200,
      { status: 'Approved', decidedBy: 'anna@contoso.example', reason: 'is idle' },
    ]);
    expect(standing(run.vm('vm-1'))).toEqual(ONCE);
    expect(standing(run.vm('vm-2'))).toEqual(UNTOUCHED);
    expect((await pending(run)).map(({ target }) => target)).toEqual([
      run.vm('vm-2').id,
      run.vm('vm-3').id,
    ]);
    const history = await run.app.ask('GET', '/api/history');
    const [record] = (history.body as { value: readonly ConversionRecord[] }).value;
    expect(record).toMatchObject({
      target: run.vm('vm-1').id,
      approvedBy: { name: 'anna@contoso.example' },
    });
  });
});

test('leaves alone what a person rejects, and does not ask again at once', async () => {
  await inAzure({ vms: VMS, policy: POLICY }, async (run) => {
    await run.sweep();

    const { body } = await decide(run, await of(run, 'vm-1'), by(run, 'anna'), {
      decision: 'reject',
    });
    await run.quiet();
    await run.sweep();

    expect(body.status).toBe('Rejected');
    expect(standing(run.vm('vm-1'))).toEqual(UNTOUCHED);
    expect(await pending(run)).toHaveLength(2);
  });
});

test('shows who is asked again what was decided before', async () => {
  await inAzure({ vms: VMS, policy: POLICY }, async (run) => {
    await run.sweep();
    const asked = await of(run, 'vm-1');
    const no = { decision: 'reject', reason: 'quarter end' };
    const { body } = await decide(run, asked, by(run, 'anna'), no);
    await run.time.advance(72 * HOUR_MS);
    await run.sweep();

    const { status, earlier } = await of(run, 'vm-1');
    expect([asked.earlier, status]).toEqual([[], 'Pending']);
    const { planDigest, decidedBy, decidedAt, reason } = body;
    expect([decidedBy, reason]).toEqual(['anna@contoso.example', no.reason]);
    expect(earlier).toEqual([
      { planDigest, status: 'Rejected', decidedBy, decidedAt, reason, usedBy: null },
    ]);
  });
});

test('lists those that are pending in pages, and no late ones', async () => {
  await inAzure({ vms: VMS, policy: POLICY }, async (run) => {
    await run.sweep();
    const targets: string[] = [];
    let path: string | undefined = '/api/approvals?top=2';
    while (path !== undefined) {
      const { body } = (await run.app.ask('GET', path)) as Answered;
      targets.push(...body.value.map(({ target }) => target));
      path = body.nextLink && new URL(body.nextLink).pathname + new URL(body.nextLink).search;
    }
    expect(targets.toSorted()).toEqual(VMS.map(({ name }) => run.vm(name).id).toSorted());

    await run.time.advance(72 * HOUR_MS);
    expect(await pending(run)).toEqual([]);
  });
});

test('the same word twice changes nothing; another one is refused', async () => {
  await inAzure({ vms: VMS, policy: POLICY }, async (run) => {
    await run.sweep();
    const asked = await of(run, 'vm-1');
    const anna = by(run, 'anna');

    const both = await Promise.all([decide(run, asked, anna), decide(run, asked, anna)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    for (const late of [
      await decide(run, asked, anna, { decision: 'reject' }),
      await decide(run, asked, by(run, 'ben')),
    ]) {
      expect([late.status, late.body.error?.code]).toEqual([409, 'ApprovalAlreadyDecided']);
    }
    await run.quiet();
    expect(standing(run.vm('vm-1'))).toEqual(ONCE);
    expect((await decide(run, asked, anna)).status).toBe(200);
    await run.quiet();
    expect(standing(run.vm('vm-1'))).toEqual(ONCE);
  });
});

test('is not for who asked for what the sweep had asked for already', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }], policy: POLICY }, async (run) => {
    const [anna, ben] = [by(run, 'anna'), by(run, 'ben')];
    await run.sweep();
    for (const headers of [anna, ben]) {
      await run.app.ask('POST', '/api/conversions', { target: run.vm().id }, headers);
      await run.quiet();
    }
    const asked = await of(run, 'vm-1');

    expect(asked.requestedBy).toBe('anna@contoso.example');
    expect((await decide(run, asked, anna)).body.error?.code).toBe('ApproverIsRequester');
    expect((await decide(run, asked, ben)).status).toBe(200);
    await run.quiet();
    expect(standing(run.vm())).toEqual(ONCE);
  });
});

test('is not for who asked, unless the policy lets it', async () => {
  const vms = [{ name: 'vm-1' }];
  await inAzure({ vms, policy: POLICY }, async (run) => {
    const asking = { target: run.vm().id };
    const anna = by(run, 'anna');
    await run.app.ask('POST', '/api/conversions', asking, anna);
    await run.quiet();
    const asked = await of(run, 'vm-1');
    expect(asked.requestedBy).toBe('anna@contoso.example');

    const refused = await decide(run, asked, anna);
    expect([refused.status, refused.body.error?.code]).toEqual([403, 'ApproverIsRequester']);
    run.app.setPolicy(
      run.policy({ ...POLICY, approval: { deadlineHours: 72, notByRequester: false } }),
    );
    expect((await decide(run, asked, anna)).status).toBe(200);
    await run.quiet();

    expect(standing(run.vm())).toEqual(ONCE);
  });
});

test.for<
  [
    what: string,
    status: number,
    code: string,
    differences: { readonly id?: string; readonly body?: unknown; readonly laterMs?: number },
  ]
>([
  ['an unknown ID', 404, 'ApprovalNotFound', { id: '0'.repeat(32) }],
  ['an ID that is none', 404, 'ApprovalNotFound', { id: 'everything' }],
  ['an ID that is a path', 404, 'ApprovalNotFound', { id: '..%2fstop%2feverything' }],
  ['another plan', 409, 'ApprovalPlanChanged', { body: { planDigest: 'other' } }],
  ['after the deadline', 409, 'ApprovalLate', { laterMs: 72 * HOUR_MS }],
  ['no plan', 400, 'InvalidRequestContent', { body: { planDigest: undefined } }],
  ['no decision', 400, 'InvalidRequestContent', { body: { decision: undefined } }],
  ['a decision that is none', 400, 'InvalidRequestContent', { body: { decision: 'perhaps' } }],
  ['a name of its own', 400, 'InvalidRequestContent', { body: { by: { name: 'the boss' } } }],
  ['a long reason', 400, 'InvalidRequestContent', { body: { reason: 'x'.repeat(501) } }],
  ['a body without end', 413, 'RequestContentTooLarge', { body: { reason: 'x'.repeat(20_000) } }],
])('refuses a word about %s', async ([, status, code, { id, body = {}, laterMs = 0 }]) => {
  await inAzure({ vms: VMS, policy: POLICY }, async (run) => {
    await run.sweep();
    const asked = await of(run, 'vm-1');
    await run.time.advance(laterMs);

    const answered = await decide(run, { ...asked, id: id ?? asked.id }, by(run, 'anna'), {
      ...(body as object),
    });
    await run.quiet();

    expect([answered.status, answered.body.error?.code]).toEqual([status, code]);
    expect(standing(run.vm('vm-1'))).toEqual(UNTOUCHED);
  });
});

test.for<[type: string, status: number]>([
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
  ['multipart/form-data; boundary=x', 415],
  ['text/plain; application/json', 415],
  ['application/jsonp', 415],
  ['', 415],
  ['application/json; charset=utf-8', 200],
  ['Application/JSON', 200],
])('takes a word as %j with %i', async ([type, status]) => {
  await inAzure({ vms: VMS, policy: POLICY }, async (run) => {
    await run.sweep();
    const headers = { ...by(run, 'anna'), 'content-type': type };

    expect((await decide(run, await of(run, 'vm-1'), headers)).status).toBe(status);
    await run.quiet();
  });
});

test('takes nothing but a person with the role for a person with the role', async () => {
  await inAzure({ vms: VMS, policy: POLICY }, async (run) => {
    await run.sweep();
    const asked = await of(run, 'vm-1');

    const answers = [
      await decide(run, asked, FUNCTION_KEY),
      await decide(run, asked, by(run, 'anna', 'keyturn.convert')),
      await decide(run, asked, { ...FUNCTION_KEY, 'x-ms-client-principal': 'e30=' }),
    ];
    await run.quiet();

    expect(answers.map(({ status, body }) => [status, body.error?.code])).toEqual([
      [401, 'PersonRequired'],
      [403, 'RoleMissing'],
      [401, 'PersonRequired'],
    ]);
    expect(standing(run.vm('vm-1'))).toEqual(UNTOUCHED);
  });
});

test.for<[who: string, dryRun: boolean, status: number, headersOf: (run: Run) => object]>([
  ['a function key', true, 202, () => FUNCTION_KEY],
  ['a function key', false, 401, () => FUNCTION_KEY],
  ['a person without a role', false, 403, (run) => by(run, 'anna', 'Reader')],
  ['a person who may convert', false, 202, (run) => by(run, 'anna', 'keyturn.convert')],
  ['a person who may approve', false, 202, (run) => by(run, 'anna')],
  ['the owner of the machine', false, 202, () => OWNER],
])('lets %s convert (dry run: %s) with %i', async ([, dryRun, status, headersOf]) => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    const headers = headersOf(run) as Readonly<Record<string, string>>;
    const target = run.vm().id;

    const answered = await run.app.ask('POST', '/api/conversions', { target, dryRun }, headers);
    await run.quiet();

    expect(answered.status).toBe(status);
    expect(standing(run.vm())).toEqual(status === 202 && !dryRun ? ONCE : UNTOUCHED);
  });
});

test('records who asked for a conversion', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    const ask = (vm: string, headers: Readonly<Record<string, string>>) =>
      run.app.ask('POST', '/api/conversions', { target: run.vm(vm).id }, headers);
    await ask('vm-1', by(run, 'anna'));
    await ask('vm-2', OWNER);
    await run.quiet();

    const asked = async (name: string) => {
      const path = `/api/history?requestedBy=${name}`;
      const { body } = await run.app.ask('GET', path);
      return (body as { value: readonly ConversionRecord[] }).value.map(({ target }) => target);
    };
    expect(await asked('anna@contoso.example')).toEqual([run.vm('vm-1').id]);
    expect(await asked('local:owner')).toEqual([run.vm('vm-2').id]);
  });
});
