import type { Accepted, Answer, Azure } from '../../azure/azure.ts';
import { sameId } from '../../domain/azure/arm-id.ts';
import type { Disk } from '../../domain/azure/disk.ts';
import { isChanging } from '../../domain/azure/is-changing.ts';
import { classifyFailure } from '../../domain/conversion/classify-failure.ts';
import type { RefusedDisk } from '../../domain/conversion/conversion-outcome.ts';
import type { ConversionKey } from '../../domain/conversion/conversion-record.ts';
import type { DiskChange } from '../../domain/conversion/decide-vm-conversion.ts';
import { KEYTURN, type Stop } from '../../domain/turn/stop.ts';
import { defineActivity } from '../../durable/steps.ts';
import { isUnavailable } from '../is-unavailable.ts';
import { pause } from '../pause.ts';
import type { Services } from '../services.ts';
import { NO_MACHINE, stopAtFailure } from '../turn/stop-at-failure.ts';
import { unlessAway } from '../unless-away.ts';
import { type HolderReader, holderReader } from './holder-reader.ts';
import { objectionTo } from './objection-to.ts';
import { startedMeanwhile } from './started-meanwhile.ts';

interface Input {
  /** The conversion that changes them; absent: an earlier release did not say. */
  readonly conversion?: ConversionKey | undefined;
  readonly changes: readonly DiskChange[];
}

/** What became of one disk. `pending`: Azure is at it; call again. */
export type DiskOutcome =
  | { readonly diskId: string; readonly kind: 'encrypted' | 'pending' | 'gone' }
  | RefusedDisk
  /** Azure has the disk attached to a running VM, though the VM shows that it is off. */
  | { readonly diskId: string; readonly kind: 'waiting'; readonly code: string; message: string }
  | { readonly diskId: string; readonly kind: 'throttled'; readonly retryAfterMs: number }
  | { readonly diskId: string; readonly kind: 'unavailable'; readonly message: string };

/** One update that was asked of Azure. */
interface DiskCall {
  readonly diskId: string;
  /** ARM's code when it was not accepted, or null. */
  readonly code: string | null;
  readonly correlationId: string | null;
  readonly operationId: string | null;
}

interface Output {
  readonly outcomes: readonly DiskOutcome[];
  readonly calls: readonly DiskCall[];
}

/** How long one call looks before it hands back what is still pending. */
const LOOK_FOR_MS = 20_000;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Puts disks onto their disk encryption sets, all at once, and reads back until each shows it.
 *
 * Each disk ends in an outcome of its own; one that fails neither stops nor fails the others.
 * Safe to repeat: a disk that shows the set is done, one that Azure is changing is only watched, and
 * what comes again after its conversion has ended changes nothing.
 */
export const encryptDisks = defineActivity(
  'encryptDisks',
  { attempts: 5, firstDelayMs: 2_000 },
  (services: Services) =>
    async ({ changes, conversion }: Input): Promise<Output> => {
      const calls: DiskCall[] = [];
      const { store } = services;
      const round: Round = {
        services,
        readHolders: holderReader(services.azure),
        stops: store.stops.read().catch(unlessAway([])),
        isOver: isOver(services, conversion),
        deadline: Date.now() + LOOK_FOR_MS,
        firstLookMs: firstLookAfter(changes.length),
        tell: (call) => calls.push(call),
      };
      const outcomes = changes.map((change) =>
        encryptDisk(round, change).catch(unavailable(change.diskId)),
      );
      return { outcomes: await Promise.all(outcomes), calls };
    },
);

interface Round {
  readonly services: Services;
  readonly readHolders: HolderReader;
  /** A store that is away does not keep a VM off. */
  readonly stops: Promise<readonly Stop[]>;
  /** This comes again, after its conversion has ended: nothing may be changed any more. */
  readonly isOver: Promise<boolean>;
  readonly deadline: number;
  readonly firstLookMs: number;
  readonly tell: (call: DiskCall) => void;
}

async function encryptDisk(round: Round, change: DiskChange): Promise<DiskOutcome> {
  const { services, readHolders, deadline, firstLookMs } = round;
  const { azure } = services;
  const { diskId } = change;
  const before = await azure.readDisk(diskId);
  if (before.status !== 'ok') return notNow(diskId, before);
  if (before.value === null) return { diskId, kind: 'gone' };
  if (isEncrypted(before.value, change)) return { diskId, kind: 'encrypted' };
  if (isChanging(before.value)) return watch(azure, change, null, deadline, firstLookMs);
  const holders = await readHolders(before.value);
  if (holders.status !== 'ok') return notNow(diskId, holders);
  if (await round.isOver) return { diskId, kind: 'refused', ...ENDED };
  const objection =
    (await objectionTo(change, before.value, holders.value, services.policy)) ??
    stopOf(await round.stops, change);
  if (objection !== null) return { diskId, kind: 'refused', ...objection };

  const asked = await askToEncrypt(round, change);
  if (asked.kind !== 'asked') return (await startedMeanwhile(azure, holders.value, asked)) ?? asked;
  const seen = await watch(azure, change, asked.accepted, deadline, firstLookMs);
  if (seen.kind !== 'refused') return seen;
  const ended = await endAsRefused(services, change, seen);
  return (await startedMeanwhile(azure, holders.value, ended)) ?? ended;
}

async function askToEncrypt(
  { services, tell }: Round,
  change: DiskChange,
): Promise<DiskOutcome | { readonly kind: 'asked'; readonly accepted: Accepted }> {
  const { azure } = services;
  const { diskId, diskEncryptionSetId, encryptionType } = change;
  const answer = await azure.encryptDisk(diskId, { type: encryptionType, diskEncryptionSetId });
  if (answer.status !== 'ok') {
    tell({ diskId, code: answer.code, correlationId: null, operationId: null });
    return answer.status === 'refused'
      ? endAsRefused(services, change, answer)
      : notNow(diskId, answer);
  }
  if (answer.value === null) return whatIsGone(azure, change);
  const { correlationId, operationId } = answer.value;
  tell({ diskId, code: null, correlationId, operationId });
  return { kind: 'asked', accepted: answer.value };
}

const ENDED = { code: 'ConversionEnded', message: 'Its conversion has ended meanwhile.' } as const;

async function isOver({ store }: Services, conversion: Input['conversion']): Promise<boolean> {
  if (conversion === undefined) return false;
  return (await store.journal.stateOf(conversion).catch(unlessAway(null))) === 'ended';
}

/** Why no disk may be put onto the set any more, or null. */
function stopOf(stops: readonly Stop[], { diskEncryptionSetId }: DiskChange) {
  const stop = stops.find(({ scope }) => sameId(scope, diskEncryptionSetId));
  return stop ? { code: 'SetStopped', message: stop.reason } : null;
}

/** A refusal because of the key, or the subscription, holds for every disk: it is stopped, at once and for all. */
async function endAsRefused(
  { store }: Services,
  { diskId, diskEncryptionSetId }: DiskChange,
  failure: Parameters<typeof classifyFailure>[0],
): Promise<DiskOutcome> {
  const { code, message } = failure;
  const means = classifyFailure(failure);
  if (means === 'wait') return { diskId, kind: 'waiting', code, message };
  if (means === 'stop-set') {
    const reason = `${code}: ${message}`;
    const stop = { scope: diskEncryptionSetId, by: KEYTURN, reason, atMs: Date.now() };
    // At once; the orchestrator does it again, for a store that is away now.
    await store.stops.set(stop).catch(unlessAway(undefined));
    return { diskId, kind: 'refused', code, message, stopsSet: true };
  }
  const { stopped } = await stopAtFailure(store, diskId, failure, NO_MACHINE);
  const about = { diskId, kind: 'refused', code, message } as const;
  return stopped === undefined ? about : { ...about, stopped };
}

/** A 404 to the update: the disk is gone, or the set, which must not pass for it. */
async function whatIsGone(
  azure: Azure,
  { diskId, diskEncryptionSetId }: DiskChange,
): Promise<DiskOutcome> {
  const disk = await azure.readDisk(diskId);
  if (disk.status !== 'ok') return notNow(diskId, disk);
  if (disk.value === null) return { diskId, kind: 'gone' };
  const message = `Azure finds the disk, but not ${diskEncryptionSetId}.`;
  return { diskId, kind: 'refused', code: 'NotFound', message };
}

/** A 202 promises nothing: only what the disk shows counts. */
async function watch(
  azure: Azure,
  change: DiskChange,
  accepted: Accepted | null,
  deadline: number,
  firstLookMs: number,
): Promise<DiskOutcome> {
  const { diskId } = change;
  // Azure hints at 2 s; its own updates took 1.1 s at the 25th percentile (recorded).
  const everyMs = Math.min(accepted?.retryAfterMs ?? 2_000, LONGEST_PAUSE_MS);
  await pause(firstLookMs * (everyMs / 2_000));
  for (;;) {
    const answer = await azure.readDisk(diskId);
    if (answer.status !== 'ok') return notNow(diskId, answer);
    if (answer.value === null) return { diskId, kind: 'gone' };
    if (isEncrypted(answer.value, change)) return { diskId, kind: 'encrypted' };
    if (!isChanging(answer.value)) return explain(diskId, accepted);
    if (Date.now() + everyMs > deadline) return { diskId, kind: 'pending' };
    await pause(everyMs);
  }
}

/** The disk stands still without the key: the operation knows why, if it is still at hand. */
async function explain(diskId: string, accepted: Accepted | null): Promise<DiskOutcome> {
  const outcome = await accepted?.outcome();
  if (outcome?.status === 'ok' && outcome.value?.kind === 'failed') {
    const { code, message } = outcome.value;
    return { diskId, kind: 'refused', code, message };
  }
  return { diskId, kind: 'pending' };
}

function isEncrypted(disk: Disk, { diskEncryptionSetId, encryptionType }: DiskChange): boolean {
  return (
    disk.encryptionType === encryptionType &&
    sameId(disk.diskEncryptionSetId ?? '', diskEncryptionSetId) &&
    !isChanging(disk)
  );
}

/**
 * When to look first: near the 25th percentile of the slowest of so many disks.
 * Source: recorded updates from a platform-managed to a customer-managed key.
 */
function firstLookAfter(disks: number): number {
  if (disks <= 1) return 1_100;
  return disks <= 6 ? 2_500 : 4_000;
}

function notNow(diskId: string, answer: Exclude<Answer<unknown>, { status: 'ok' }>): DiskOutcome {
  if (answer.status === 'throttled') {
    return { diskId, kind: 'throttled', retryAfterMs: answer.retryAfterMs };
  }
  return { diskId, kind: 'refused', code: answer.code, message: answer.message };
}

function unavailable(diskId: string): (error: unknown) => DiskOutcome {
  return (error) => {
    if (!isUnavailable(error)) throw error;
    return { diskId, kind: 'unavailable', message: error.message };
  };
}
