import { ESTATE_EXPORT_HELP, exportEstate } from '../estate/export.ts';
import { ESTATE_GENERATE_HELP, generate } from '../estate/generate.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

export const ESTATE_HELP = `${ESTATE_GENERATE_HELP}

${ESTATE_EXPORT_HELP}

Either writes what keyturn simulate --estate takes.`;

/** Makes the description of an estate. */
export async function estate(
  [action, ...args]: readonly string[],
  terminal: Terminal,
): Promise<number> {
  if (action === 'generate') return generate(args, terminal);
  if (action === 'export') return exportEstate(args, terminal);
  throw new UsageError('Say what to do: generate or export.');
}
