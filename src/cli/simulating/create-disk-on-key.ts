import type { Simulator } from '@keyturn/azure-simulator/simulator';
import type { Terminal } from '../terminal.ts';

const CTRL_C = '\u0003';

/**
 * Creates a disk in the simulated Azure whenever the person presses d, as anybody would: through
 * Resource Manager, which raises the event that keyturn waits for.
 *
 * Null where nobody can press a key.
 */
export function createDiskOnKey(
  simulator: Simulator,
  { keyboard }: Terminal,
): { close(): void } | null {
  if (!keyboard?.isTTY) return null;
  let created = 0;
  const onKey = (data: Buffer): void => {
    const key = data.toString();
    // A raw terminal hands Ctrl-C over as a character instead of a signal.
    if (key === CTRL_C) process.kill(process.pid, 'SIGINT');
    if (key.toLowerCase() === 'd') {
      created += 1;
      void createDisk(simulator, `disk-new-${created}`);
    }
  };
  keyboard.setRawMode(true);
  keyboard.on('data', onKey);
  return {
    close: () => {
      keyboard.off('data', onKey);
      keyboard.setRawMode(false);
      keyboard.pause();
    },
  };
}

async function createDisk(simulator: Simulator, name: string): Promise<void> {
  const path = `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg-ops/providers/Microsoft.Compute/disks/${name}`;
  const body = {
    location: 'westeurope',
    sku: { name: 'Premium_LRS' },
    properties: { creationData: { createOption: 'Empty' }, diskSizeGB: 32 },
  };
  await simulator.handle(
    new Request(`https://management.azure.com${path}?api-version=2025-01-02`, {
      method: 'PUT',
      headers: { authorization: 'Bearer demo', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}
