import {
  type EndStatus,
  parseOutcome,
  statusOfOutcome,
} from '../../domain/conversion/instance-outcome.ts';
import { type Instance, isAlive } from '../../durable/read-instance.ts';

/** The orchestrators whose instances people see, and what each is called then. */
const KINDS: Readonly<Record<string, ConversionView['kind']>> = {
  convertVm: 'vm',
  convertDisk: 'disk',
  convertScope: 'request',
  restoreVm: 'restore',
};

/** A conversion as the HTTP interface shows it. */
export interface ConversionView {
  readonly id: string;
  readonly kind: 'vm' | 'disk' | 'request' | 'restore';
  /** ARM ID of what it is about. */
  readonly target: string;
  readonly status: 'Running' | EndStatus;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** How far it is. */
  readonly progress: unknown;
  /** How it ended, for `parseOutcome`; the host's words where it broke down; null while it runs. */
  readonly outcome: unknown;
}

/** What people see of an instance; null for those that are none of their business. */
export function conversionView(instance: Instance): ConversionView | null {
  const kind = KINDS[instance.name];
  if (!kind) return null;
  return {
    id: instance.id,
    kind,
    target: targetOf(instance.input),
    status: statusOf(instance),
    createdAt: new Date(instance.createdAtMs).toISOString(),
    updatedAt: new Date(instance.updatedAtMs).toISOString(),
    progress: instance.customStatus,
    outcome: isAlive(instance) ? null : instance.output,
  };
}

/** Whether it ended with what this release cannot read: somebody has to look. */
export function hasUnknownOutcome({ name, runtimeStatus, output }: Instance): boolean {
  return (
    KINDS[name] !== undefined && runtimeStatus === 'Completed' && parseOutcome(output) === null
  );
}

function targetOf(input: unknown): string {
  const { vmId, diskId, scope } = (input ?? {}) as {
    readonly vmId?: string;
    readonly diskId?: string;
    readonly scope?: { readonly id?: string };
  };
  return vmId ?? diskId ?? scope?.id ?? '';
}

function statusOf(instance: Instance): ConversionView['status'] {
  if (isAlive(instance)) return 'Running';
  if (instance.runtimeStatus === 'Completed') return statusOfOutcome(parseOutcome(instance.output));
  return instance.runtimeStatus === 'Failed' ? 'Failed' : 'Canceled';
}
