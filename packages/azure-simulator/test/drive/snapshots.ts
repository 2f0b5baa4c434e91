import { all, inVirtualTime } from '../clients.ts';
import type { Driven } from './driven.ts';

export async function driveSnapshots({ compute }: Driven): Promise<void> {
  await all(compute.snapshots.list());
  const { id = '', location } = await compute.disks.get('rg-data', 'disk-archive-01');
  await inVirtualTime(
    compute.snapshots.createOrUpdate('rg-web', 'snap-new', {
      location,
      incremental: true,
      creationData: { createOption: 'Copy', sourceResourceId: id },
    }),
  );
  await compute.snapshots.get('rg-web', 'snap-new');
  await inVirtualTime(compute.snapshots.update('rg-web', 'snap-new', { tags: { a: 'b' } }));
  for (const sku of ['PremiumV2_LRS', 'UltraSSD_LRS']) {
    const creationData = {
      createOption: 'Copy',
      sourceResourceId: (await compute.snapshots.get('rg-web', 'snap-new')).id ?? '',
    };
    await inVirtualTime(
      compute.disks.createOrUpdate('rg-web', `disk-${sku}`, {
        location,
        sku: { name: sku },
        creationData,
      }),
    );
    await compute.disks.get('rg-web', `disk-${sku}`);
  }
  await inVirtualTime(compute.snapshots.delete('rg-web', 'snap-new'));

  await all(compute.restorePointCollections.listAll());
  const [collection] = await all(compute.restorePointCollections.list('rg-ops'));
  await compute.restorePointCollections.get('rg-ops', collection?.name ?? '', {
    expand: 'restorePoints',
  });
  await driveRestorePoints(compute);
}

async function driveRestorePoints(compute: Driven['compute']) {
  const { restorePointCollections, restorePoints, virtualMachines } = compute;
  const { id = '' } = await virtualMachines.get('rg-web', 'vm-web-01');
  const source = { location: 'westeurope', source: { id } };
  await restorePointCollections.createOrUpdate('rg-web', 'rpc-new', source);
  await inVirtualTime(restorePoints.create('rg-web', 'rpc-new', 'point', {}));
  await restorePoints.get('rg-web', 'rpc-new', 'point');
  await inVirtualTime(restorePoints.delete('rg-web', 'rpc-new', 'point'));
  await inVirtualTime(restorePointCollections.delete('rg-web', 'rpc-new'));
}
