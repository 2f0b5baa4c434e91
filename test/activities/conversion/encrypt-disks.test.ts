import { expect, test } from 'vitest';
import { inAzure, MINUTE_MS, type Run, setIdOf } from '../../orchestrators/a-run.ts';

const VMS = [{ name: 'vm-1', dataDisks: 2, power: 'deallocated' as const }];
const PATCHES = /\/disks\/[^/]+$/;

function patches({ line }: Run) {
  return line.requests.filter(({ method, path }) => method === 'PATCH' && PATCHES.test(path));
}

test('asks for each disk once, and believes only what it shows', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    await run.sweep();

    expect(patches(run)).toHaveLength(3);
    const reads = run.line.requests.filter(
      ({ method, path, at }) =>
        method === 'GET' && PATCHES.test(path) && at > (patches(run)[0]?.at ?? 0),
    );
    expect(reads.length).toBeGreaterThanOrEqual(3);
  });
});

test('only watches a disk that somebody else is moving to the set already', async () => {
  await inAzure({ vms: VMS }, async (run) => {
    const [disk] = run.disksOf();
    const encryption = {
      type: 'EncryptionAtRestWithCustomerKey',
      diskEncryptionSetId: setIdOf(run.simulator),
    };
    await run.administer('PATCH', disk?.id ?? '', { properties: { encryption } });

    await run.sweep();

    expect(patches(run).filter(({ path }) => path === disk?.id)).toEqual([]);
    expect((await run.view()).outcome.kind).toBe('converted');
  });
});

test('sends the whole encryption and nothing else', async () => {
  const bodies: unknown[] = [];
  await inAzure({ vms: [{ name: 'vm-1', power: 'deallocated' }] }, async (run) => {
    run.line.hooks.push((request) => {
      if (request.method === 'PATCH') bodies.push(JSON.parse(String(request.body)));
      return 'pass';
    });
    await run.sweep();

    expect(bodies).toEqual([
      {
        properties: {
          encryption: {
            type: 'EncryptionAtRestWithCustomerKey',
            diskEncryptionSetId: setIdOf(run.simulator),
          },
        },
      },
    ]);
  });
});

test('waits for a disk that no VM holds as long as Azure says', async () => {
  await inAzure({ build: (estate) => estate.addDisk({ name: 'loose' }) }, async (run) => {
    run.simulator.faults.throttleNext({ method: 'PATCH', path: PATCHES }, 3_600);
    const [{ id } = { id: '' }] = run.simulator.truth().disks;

    await run.sweep();

    expect((await run.view(id)).outcome.kind).toBe('converted');
    const [first, second] = patches(run);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(60 * MINUTE_MS);
  });
});
