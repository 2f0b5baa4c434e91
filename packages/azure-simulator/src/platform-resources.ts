import { AVAILABILITY_SET_TYPE, type AvailabilitySet } from './compute/availability-set.ts';
import {
  PLACEMENT_GROUP_TYPE,
  type ProximityPlacementGroup,
} from './compute/proximity-placement-group.ts';
import { SCALE_SET_TYPE, type ScaleSet } from './compute/scale-set.ts';
import { SCHEDULE_TYPE, type ShutdownSchedule } from './devtestlab/shutdown-schedule.ts';
import { INTERFACE_TYPE, type NetworkInterface } from './network/network-interface.ts';
import { ADDRESS_TYPE, type PublicAddress } from './network/public-address.ts';
import { RECOVERY_VAULT_TYPE, type RecoveryVault } from './recovery/recovery-vault.ts';
import { Collection, type Inventory } from './resources/inventory.ts';

/** What is around machines and is only read here. */
export interface PlatformResources {
  readonly availabilitySets: Collection<AvailabilitySet>;
  readonly scaleSets: Collection<ScaleSet>;
  readonly placementGroups: Collection<ProximityPlacementGroup>;
  readonly networkInterfaces: Collection<NetworkInterface>;
  readonly publicAddresses: Collection<PublicAddress>;
  readonly shutdownSchedules: Collection<ShutdownSchedule>;
  readonly recoveryVaults: Collection<RecoveryVault>;
}

export function platformResources(inventory: Inventory): PlatformResources {
  return {
    availabilitySets: new Collection<AvailabilitySet>(AVAILABILITY_SET_TYPE, inventory),
    scaleSets: new Collection<ScaleSet>(SCALE_SET_TYPE, inventory),
    placementGroups: new Collection<ProximityPlacementGroup>(PLACEMENT_GROUP_TYPE, inventory),
    networkInterfaces: new Collection<NetworkInterface>(INTERFACE_TYPE, inventory),
    publicAddresses: new Collection<PublicAddress>(ADDRESS_TYPE, inventory),
    shutdownSchedules: new Collection<ShutdownSchedule>(SCHEDULE_TYPE, inventory),
    recoveryVaults: new Collection<RecoveryVault>(RECOVERY_VAULT_TYPE, inventory),
  };
}
