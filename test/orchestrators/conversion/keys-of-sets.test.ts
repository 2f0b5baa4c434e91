import { expect, test } from 'vitest';
import { setsByRegion } from '../../support/builders.ts';
import { areOn, inAzure, type Run } from '../a-run.ts';

/** Makes the policy name a set on a key of a vault, and returns its ID. */
function onKeyOf(run: Run, vault: Parameters<Run['simulator']['estate']['addVault']>[0]): string {
  const { estate } = run.simulator;
  estate.addVault({ keys: [{ name: 'k' }], ...vault });
  const set = estate.addEncryptionSet({ name: 'des-other', key: `${vault.name}/k` });
  run.app.setPolicy(run.policy({ encryptionSets: setsByRegion({ westeurope: set }) }));
  return set;
}

test.for<[what: string, vault: Parameters<Run['simulator']['estate']['addVault']>[0]]>([
  ['by access policies', { name: 'kv-old', rbac: false }],
  ['of a managed HSM', { name: 'hsm', kind: 'hsm' }],
  ['without a firewall', { name: 'kv-open', firewall: 'none' }],
])('converts onto a set whose key it may use: %s', async ([, vault]) => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    const set = onKeyOf(run, vault);
    await run.convert(run.vm().id);

    expect(areOn(run.disksOf(), set)).toBe(true);
  });
});

test('finds the vault of a set that does not name it, as one of another subscription', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    const set = onKeyOf(run, { name: 'kv-far', purgeProtection: false });
    run.line.rewrite(/diskEncryptionSets\/[^/]+$/, withoutVault, run.direct);
    await run.convert(run.vm().id);

    expect(areOn(run.disksOf(), set)).toBe(false);
    expect((await run.view()).outcome.verdicts?.map(({ code }) => code)).toEqual([
      'vault-purge-protection',
    ]);
  });
});

test('what is exempt does not stand in the way, and is told as a warning', async () => {
  await inAzure({ vms: [{ name: 'vm-1' }] }, async (run) => {
    const scope = `/subscriptions/${run.simulator.subscriptionId}`;
    const answered = { owner: 'erp-team', reason: 'being mended', untilMs: Date.UTC(2027, 0) };
    const exemptions = [{ check: 'locks-unreadable', scope, ...answered }];
    run.app.setPolicy(run.policy({ exemptions }));
    const refusal = { error: { code: 'AuthorizationFailed', message: 'The client may not.' } };
    run.line.answer({ method: 'GET', path: /\/locks$/ }, 403, refusal);
    await run.convert(run.vm().id);

    expect(run.vm()).toMatchObject({ powerState: 'running', deallocations: 1 });
    expect((await run.view()).outcome).toMatchObject({
      kind: 'converted',
      verdicts: expect.arrayContaining([
        expect.objectContaining({
          answer: 'warn',
          code: 'locks-unreadable',
          message: expect.stringContaining('Exempted by erp-team until 2026-12-31'),
        }),
      ]),
    });
  });
});

function withoutVault(body: Readonly<Record<string, unknown>>) {
  const properties = body['properties'] as { readonly activeKey: { readonly keyUrl: string } };
  const { keyUrl } = properties.activeKey;
  return { ...body, properties: { ...properties, activeKey: { keyUrl } } };
}
