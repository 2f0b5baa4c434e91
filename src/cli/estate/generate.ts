import { parseArgs } from 'node:util';
import type { EstateWish } from '@keyturn/azure-simulator/estate-wish';
import { generateEstate } from '@keyturn/azure-simulator/generate-estate';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { writeEstate } from './write-estate.ts';

export const ESTATE_GENERATE_HELP = `keyturn estate generate --vms N [--disks-per-vm 1-6] [--regions NAME,…] [--kinds all|plain]
                        [--mistakes 0.1] [--seed N] [--output FILE]

Makes up an estate: same options, same estate.

  --vms N              How many machines.
  --disks-per-vm A-B   Disks of each, with the system disk.   Default: 1-4
  --regions NAME,…     Default: westeurope,northeurope
  --kinds all|plain    All kinds of disks that need care, or machines that can simply be
                       switched off.                          Default: all
  --mistakes SHARE     Machines with a snapshot, an export, a lock or another thing in the way,
                       from 0 to 1; and sets with unusable keys.  Default: 0
  --seed N             Default: 1
  --output FILE        Default: standard output`;

/** Writes a generated estate. */
export function generate(args: readonly string[], terminal: Terminal): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      vms: { type: 'string' },
      'disks-per-vm': { type: 'string', default: '1-4' },
      regions: { type: 'string', default: 'westeurope,northeurope' },
      kinds: { type: 'string', default: 'all' },
      mistakes: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      output: { type: 'string' },
    },
  });
  const problems: string[] = [];
  const wish = wishIn(values, problems);
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  writeEstate(generateEstate(wish), values.output, terminal);
  return EXIT.clean;
}

interface Options {
  readonly vms?: string;
  readonly 'disks-per-vm': string;
  readonly regions: string;
  readonly kinds: string;
  readonly mistakes: string;
  readonly seed: string;
}

/** What is wrong is added to the problems, all at once. */
function wishIn(options: Options, problems: string[]): EstateWish {
  const { vms, regions: list, kinds } = options;
  const check = (fits: boolean, problem: string) => {
    if (!fits) problems.push(problem);
  };
  check(/^\d{1,6}$/.test(vms ?? ''), `--vms is ${said(vms)}; it must be a number up to 999999.`);
  const disks = options['disks-per-vm'];
  const [, least, most = least] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(disks) ?? [];
  const range = { least: Number(least), most: Number(most) };
  check(
    range.least >= 1 && range.most >= range.least && range.most <= 64,
    `--disks-per-vm is "${disks}"; it must be a range such as 1-6, up to 64.`,
  );
  const regions = list.split(',').map((name) => name.trim());
  check(
    regions.every((name) => /^[a-z0-9]+$/.test(name)) && new Set(regions).size === regions.length,
    `--regions is "${list}"; it must be names of regions with commas between.`,
  );
  check(kinds === 'all' || kinds === 'plain', `--kinds is "${kinds}"; it must be all or plain.`);
  const mistakes = Number(options.mistakes);
  check(
    options.mistakes.trim() !== '' && mistakes >= 0 && mistakes <= 1,
    `--mistakes is "${options.mistakes}"; it must be a number from 0 to 1.`,
  );
  check(
    /^\d{1,9}$/.test(options.seed),
    `--seed is "${options.seed}"; it must be a whole number of up to nine digits.`,
  );
  return {
    vms: Number(vms),
    disksPerVm: range,
    regions,
    kinds: kinds === 'plain' ? 'plain' : 'all',
    mistakes,
    seed: Number(options.seed),
  };
}

function said(text: string | undefined): string {
  return text === undefined ? 'missing' : `"${text}"`;
}
