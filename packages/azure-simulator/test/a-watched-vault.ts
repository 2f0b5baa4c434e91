import { vi } from 'vitest';
import { createSimulator, type SimulatorOptions } from '../src/simulator.ts';
import { anEndpoint } from './an-endpoint.ts';
import { ask } from './ask.ts';
import { clientsOf } from './clients.ts';

/** A vault and what a webhook hears of it; under virtual time. */
export async function aWatchedVault(options: SimulatorOptions = {}) {
  const { received, deliver } = anEndpoint();
  const simulator = createSimulator({ ...options, deliverWebhook: deliver });
  const id = simulator.estate.addVault({ name: 'kv-1', rbac: false, keys: [{ name: 'old' }] });
  const topic = `/subscriptions/${simulator.subscriptionId}/resourceGroups/rg-test/providers/Microsoft.EventGrid/systemTopics/vault`;
  const version = 'api-version=2022-06-15';
  const made = await ask(simulator, 'PUT', `${topic}?${version}`, {
    location: 'westeurope',
    properties: { source: id, topicType: 'Microsoft.KeyVault.vaults' },
  });
  await ask(simulator, 'PUT', `${topic}/eventSubscriptions/keys?${version}`, {
    properties: {
      destination: {
        endpointType: 'WebHook',
        properties: { endpointUrl: 'https://receiver.example/events' },
      },
    },
  });
  await vi.advanceTimersByTimeAsync(2000);
  const heard = () =>
    received
      .map(({ event }) => `${event['eventType']} ${event['subject']}`)
      .filter((it) => !it.includes('SubscriptionValidation'));
  return { simulator, id, made, received, heard, client: clientsOf(simulator).keys('kv-1') };
}
