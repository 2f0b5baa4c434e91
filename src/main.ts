import { DefaultAzureCredential } from '@azure/identity';
import { CLOUDS } from './azure/clouds.ts';
import { connectAzure } from './azure/connect.ts';
import { readConfig } from './config.ts';
import { register } from './functions/register.ts';
import { policyJsonSchema } from './policy/parse-policy.ts';

// The composition root of the deployed app, and the only module that acts on import.
const { cloud: cloudName, policy, sweepSchedule } = readConfig();
const cloud = CLOUDS[cloudName];
const credential = new DefaultAzureCredential({ authorityHost: cloud.authorityHost });

register({
  services: { azure: connectAzure({ credential, cloud }), policy },
  sweepSchedule,
  policySchema: policyJsonSchema(),
});
