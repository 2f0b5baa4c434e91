import { vi } from 'vitest';
import { createSimulator, type Simulator } from '../src/simulator.ts';
import { groupOf, nameOf } from './json.ts';

/** A simulator for the subscription of a recorded call. */
export class Rebuilding {
  readonly simulator: Simulator;
  readonly url: URL;

  constructor(url: URL) {
    this.url = url;
    const subscriptionId = url.pathname.split('/')[2] ?? '';
    this.simulator = createSimulator(
      url.host.startsWith('management') ? { estate: { subscriptionId } } : {},
    );
  }

  async get(): Promise<unknown> {
    const headers = { authorization: 'Bearer static' };
    const answered = await this.simulator.handle(new Request(this.url, { headers }));
    return answered.json();
  }

  /** Writes at the recorded version, and lets the operation end. */
  async write(id: string, body: unknown, method = 'PUT'): Promise<void> {
    const target = new URL(id, 'https://management.azure.com');
    await this.send(target, method, body);
    await vi.advanceTimersByTimeAsync(600_000);
  }

  /** Asks at the recorded version, and answers with the body. */
  async send(url: URL, method: string, body: unknown): Promise<unknown> {
    const target = new URL(url);
    target.searchParams.set('api-version', this.url.searchParams.get('api-version') ?? '');
    const headers = { authorization: 'Bearer static', 'content-type': 'application/json' };
    const answered = await this.simulator.handle(
      new Request(target, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }),
    );
    const text = await answered.text();
    if (answered.status >= 400) throw new Error(text);
    return text === '' ? null : JSON.parse(text);
  }

  /** The encryption set of an ID, so that it can be named. */
  addSet(id: string, location: string, encryptionType = 'EncryptionAtRestWithCustomerKey'): string {
    const { estate } = this.simulator;
    const name = nameOf(id);
    const vaultName = `kv-${name}`;
    estate.addVault({ name: vaultName, location, group: groupOf(id) });
    const keyUrl = estate.addKey(vaultName, { name: 'key' });
    estate.addEncryptionSet({
      name,
      group: groupOf(id),
      location,
      encryptionType,
      key: `${vaultName}/key`,
    });
    return keyUrl;
  }

  addGroup(id: string, location = 'westeurope'): void {
    this.simulator.estate.addGroup({ name: groupOf(id), location });
  }
}
