import { calls } from './calls.ts';
import { downtime } from './downtime.ts';
import { events } from './events.ts';
import { simulator } from './simulator.ts';

const BENCHMARKS: Readonly<Record<string, () => Promise<object>>> = {
  calls,
  downtime,
  events,
  simulator,
};

const [name = ''] = process.argv.slice(2);
const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
if (benchmark) {
  process.stdout.write(`${JSON.stringify(await benchmark())}\n`);
  process.exit();
} else {
  const names = Object.keys(BENCHMARKS).join(' | ');
  process.stderr.write(`npm run bench -- ${names}\n`);
  process.exitCode = 1;
}
