import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { AzureUnavailableError } from '../../azure/arm/errors.ts';
import { CLOUD_NAMES, CLOUDS } from '../../azure/clouds.ts';
import { ReadRefusedError, readSubscription } from '../../azure/resources/read-subscription.ts';
import { signIn } from '../../azure/sign-in.ts';
import { EXIT } from '../exit-codes.ts';
import { pause } from '../pause.ts';
import { say, type Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { describeSubscription } from './describe-subscription.ts';
import { maskEstate } from './mask-estate.ts';
import { writeEstate } from './write-estate.ts';

export const ESTATE_EXPORT_HELP = `keyturn estate export --subscription ID [--mask] [--output FILE]

Reads a real subscription, with the right to read alone, and describes what concerns the encryption
of disks: no secrets, no keys, no contents.

  --subscription ID   The subscription.
  --mask              Replaces all names, of tags and in IDs too; sizes, regions and states stay.
  --output FILE       Default: standard output

Signs in with DefaultAzureCredential, as keyturn serve; KEYTURN_CLOUD chooses the cloud.`;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SALT_BYTES = 32;

/** Writes a real subscription as an estate. */
export async function exportEstate(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      subscription: { type: 'string' },
      mask: { type: 'boolean', default: false },
      output: { type: 'string' },
    },
  });
  const { subscription, mask, output } = values;
  if (!subscription || !GUID.test(subscription)) {
    throw new UsageError(
      `--subscription is ${subscription ? `"${subscription}"` : 'missing'}; it must be the ID of a subscription.`,
    );
  }
  const connection = signIn(cloudIn(terminal));
  const wait = async (ms: number) => {
    await pause(ms, terminal.interrupted);
    if (terminal.interrupted.aborted) throw new UsageError('Interrupted: nothing was written.');
  };
  const read = await readSubscription(connection, subscription.toLowerCase(), wait).catch(explain);
  const unread = [...read.keys].filter(([, keys]) => keys === null).map(([id]) => id);
  for (const id of unread) {
    say(terminal, `The keys of ${id} may not be read: those that are in use are taken for usable.`);
  }
  const estate = describeSubscription(read, Date.now());
  writeEstate(mask ? maskEstate(estate, randomBytes(SALT_BYTES)) : estate, output, terminal);
  return EXIT.clean;
}

function cloudIn({ environment }: Terminal) {
  const wanted = environment['KEYTURN_CLOUD'] ?? 'AzureCloud';
  const name = CLOUD_NAMES.find((it) => it === wanted);
  if (name) return CLOUDS[name];
  throw new UsageError(
    `KEYTURN_CLOUD is "${wanted}"; it must be one of ${CLOUD_NAMES.join(', ')}.`,
  );
}

/** @throws UsageError with what a person can mend. */
function explain(error: unknown): never {
  if (error instanceof ReadRefusedError) {
    const advice = 'Give the identity the Reader role on the subscription.';
    throw new UsageError(`${error.message}\n${advice}`, { cause: error });
  }
  if (error instanceof AzureUnavailableError) {
    const advice =
      error.code === 'SignInFailed'
        ? 'There is no sign-in: a managed identity, environment variables, or az login.'
        : 'Azure did not answer; try again.';
    throw new UsageError(`${error.message}. ${advice}`, { cause: error });
  }
  throw error;
}
