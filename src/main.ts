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

const times = sweepSchedule.next(Date.now(), 3).map((atMs) => new Date(atMs).toISOString());
// biome-ignore lint/suspicious/noConsole: the first line of stdout is that of `keyturn serve`.
const toStderr = { info: console.warn };
log(toStderr, 'sweep.scheduled', { schedule: sweepSchedule.expression, next: times.join(', ') });

register({
  services: { azure, policy, store },
  identify: identifier(signIn, { cloud }),
  sweepSchedule: sweepSchedule.expression,
  sweepTimes: sweepSchedule.next,
  policySchema: policyJsonSchema(),
});
