import { DefaultAzureCredential } from '@azure/identity';
import type { ArmConnection } from './arm/arm-clients.ts';
import type { Cloud } from './clouds.ts';

/** A connection with whatever identity the environment offers; opens nothing until it is used. */
export function signIn(cloud: Cloud): ArmConnection {
  const credential = new DefaultAzureCredential({ authorityHost: cloud.authorityHost });
  return { credential, cloud };
}
