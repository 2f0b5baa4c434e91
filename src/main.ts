import { DefaultAzureCredential } from '@azure/identity';
import { CLOUDS } from './azure/clouds.ts';
import { connectAzure } from './azure/connect.ts';
import { readConfig } from './config.ts';
import { register } from './functions/register.ts';
import { log } from './log.ts';
import { identifier } from './people/identify.ts';
import { currentPolicy } from './policy/current-policy.ts';
import { policyJsonSchema } from './policy/policy-file.ts';
import { connectStore } from './store/connect-store.ts';
import { openTable } from './store/open-table.ts';

// The composition root of the deployed app, and the only module that acts on import.
const { cloud: cloudName, policy: readPolicy, sweepSchedule, journal, signIn } = readConfig();
const cloud = CLOUDS[cloudName];
const credential = new DefaultAzureCredential({ authorityHost: cloud.authorityHost });

const azure = connectAzure({ credential, cloud });
const policy = currentPolicy({
  read: readPolicy,
  azure,
  tell: (event, properties) => log(console, event, properties),
});

const store = connectStore(await openTable(journal, credential));

register({
  services: { azure, policy, store },
  identify: identifier(signIn, { cloud }),
  sweepSchedule,
  policySchema: policyJsonSchema(),
});
