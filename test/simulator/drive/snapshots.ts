import { all, inVirtualTime } from '../clients.ts';
import type { Driven } from './driven.ts';

export async function driveSnapshots({ compute }: Driven): Promise<void> {
  await all(compute.snapshots.list());
  const { id = '' } = await compute.disks.get('rg-data', 'disk-archive-01');
  await inVirtualTime(
    compute.snapshots.createOrUpdate('rg-web', 'snap-new', {
      location: 'westeurope',
      incremental: true,
      creationData: { createOption: 'Copy', sourceResourceId: id },
    }),
  );
  await compute.snapshots.get('rg-web', 'snap-new');
  await inVirtualTime(compute.snapshots.delete('rg-web', 'snap-new'));

  await all(compute.restorePointCollections.listAll());
  const [collection] = await all(compute.restorePointCollections.list('rg-ops'));
  await compute.restorePointCollections.get('rg-ops', collection?.name ?? '', {
    expand: 'restorePoints',
  });
}
