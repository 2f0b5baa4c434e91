import { EXIT } from './exit-codes.ts';
import { say, type Terminal, tell } from './terminal.ts';
import { UsageError } from './usage-error.ts';

interface Command {
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
  readonly help: string;
}

/** Loaded when asked for: the SDKs and the simulated Azure take half a second. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: () => import('./commands/serve.ts').then((it) => ({ run: it.serve, help: it.SERVE_HELP })),
  simulate: () =>
    import('./commands/simulate.ts').then((it) => ({ run: it.simulate, help: it.SIMULATE_HELP })),
  fault: () => import('./commands/fault.ts').then((it) => ({ run: it.fault, help: it.FAULT_HELP })),
  estate: () =>
    import('./commands/estate.ts').then((it) => ({ run: it.estate, help: it.ESTATE_HELP })),
  convert: () =>
    import('./commands/convert.ts').then((it) => ({ run: it.convert, help: it.CONVERT_HELP })),
  plan: () => import('./commands/plan.ts').then((it) => ({ run: it.plan, help: it.PLAN_HELP })),
  history: () =>
    import('./commands/history.ts').then((it) => ({ run: it.history, help: it.HISTORY_HELP })),
  approvals: () =>
    import('./commands/approvals.ts').then((it) => ({
      run: it.approvals,
      help: it.APPROVALS_HELP,
    })),
  approve: () =>
    import('./commands/approve.ts').then((it) => ({ run: it.approve, help: it.APPROVE_HELP })),
  stop: () => import('./commands/stop.ts').then((it) => ({ run: it.stop, help: it.STOP_HELP })),
  resume: () =>
    import('./commands/stop.ts').then((it) => ({ run: it.resume, help: it.RESUME_HELP })),
  status: () =>
    import('./commands/status.ts').then((it) => ({ run: it.status, help: it.STATUS_HELP })),
  demo: () => import('./commands/demo.ts').then((it) => ({ run: it.demo, help: it.DEMO_HELP })),
};

const HELP = `keyturn moves Azure disks to customer-managed keys.

  keyturn serve      Runs it on this machine, against the Azure that the environment reaches
  keyturn simulate   Runs a simulated Azure to try it on
  keyturn fault      Lets something go wrong in it
  keyturn estate     Makes an estate for it: generated, or exported from a real subscription
  keyturn plan       Says what would be converted, in which order, and how long VMs would be off
  keyturn convert    Converts a disk, a VM, a resource group or a subscription
  keyturn status     Shows conversions
  keyturn history    Shows what the journal holds of them
  keyturn approvals  Shows the conversions that wait for an approval
  keyturn approve    Approves one of them, or rejects it
  keyturn stop       Forbids every further deallocation
  keyturn resume     Allows them again
  keyturn demo       All in one: a simulated estate and keyturn converting it (npm start)

keyturn COMMAND --help says more. From a clone: npm run keyturn -- COMMAND …
Exit codes: 0 clean, 1 usage or sign-in, 2 some work failed, 3 findings for a person.`;

const interrupt = new AbortController();
const terminal: Terminal = {
  out: process.stdout,
  err: process.stderr,
  keyboard: process.stdin,
  environment: process.env,
  interrupted: interrupt.signal,
};
let interruptedMs = Number.POSITIVE_INFINITY;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // npm passes Ctrl-C on to whom the terminal has told already: two at once are one.
    if (Date.now() - interruptedMs > 1_000) process.exit(EXIT.failed);
    interruptedMs = Math.min(interruptedMs, Date.now());
    interrupt.abort();
  });
}
// Only where a parent opened a channel: nobody would ever end it after the parent's death.
process.once('disconnect', () => interrupt.abort());
for (const stream of [process.stdout, process.stderr]) {
  // The reader has gone, as `head` does, or the terminal was closed: nobody is left to tell.
  stream.on('error', () => interrupt.abort());
}

process.exitCode = await run(process.argv.slice(2));
// Idle connections of the SDKs would keep the process for minutes.
process.exit();

async function run([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    tell(terminal, HELP);
    return name === undefined ? EXIT.usage : EXIT.clean;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    say(terminal, `keyturn has no command "${name}". See keyturn --help.`);
    return EXIT.usage;
  }
  const command = await load();
  if (args.includes('--help') || args.includes('-h')) {
    tell(terminal, command.help);
    return EXIT.clean;
  }
  try {
    return await command.run(args, terminal);
  } catch (error) {
    if (!isUsage(error)) throw error;
    say(terminal, `${error.message}\nSee keyturn ${name} --help.`);
    return EXIT.usage;
  }
}

/** Ours, and what `node:util` says of a wrong option. */
function isUsage(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return (
    error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}
