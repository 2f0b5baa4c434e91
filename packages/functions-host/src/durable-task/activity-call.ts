import type { RegisteredFunction, RpcData } from '../functions-core.ts';
import { triggerOf, type Worker } from '../worker.ts';
import type { ActivityTask } from './instance.ts';
import { stringData } from './orchestrator-call.ts';

/**
 * Runs an activity and returns its result as JSON text, or null.
 *
 * @throws what the activity throws.
 */
export async function callActivity(
  worker: Worker,
  fn: RegisteredFunction,
  task: Pick<ActivityTask, 'instanceId' | 'input'>,
  extraInputs: readonly { name: string; data: RpcData }[],
): Promise<string | null> {
  const name = triggerOf(fn)?.name ?? '';
  const input: unknown = task.input === null ? null : JSON.parse(task.input);
  const returned = await worker.invoke(fn, {
    data: [{ name, data: triggerData(input) }, ...extraInputs],
    triggerMetadata: {
      instanceId: stringData(task.instanceId),
      ...metadata(name, input),
    },
  });
  return resultText(returned);
}

/**
 * Recorded: null and nothing arrive as an empty value, booleans as the .NET words "True" and
 * "False", all others as JSON text.
 */
function triggerData(input: unknown): RpcData {
  return input === null ? {} : stringData(asText(input));
}

function asText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function metadata(name: string, input: unknown): Record<string, RpcData> {
  if (input === null) return {};
  const members =
    typeof input === 'object' && !Array.isArray(input)
      ? Object.entries(input).filter(([, value]) => value !== null)
      : [];
  return {
    [name]: triggerData(input),
    data: { data: 'json', json: JSON.stringify(input) },
    ...Object.fromEntries(members.map(([key, value]) => [key, stringData(asText(value))])),
  };
}

function resultText(returned: RpcData | null): string | null {
  if (returned === null) return null;
  if (typeof returned.json === 'string') return returned.json;
  const value = returned.string ?? returned.int ?? returned.double;
  if (value !== undefined) return JSON.stringify(value);
  return returned.bytes ? JSON.stringify(Buffer.from(returned.bytes).toString('base64')) : null;
}
