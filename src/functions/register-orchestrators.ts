import { app as df } from 'durable-functions';
import type { Orchestrator } from '../durable/steps.ts';
import { awaitTurn } from '../orchestrators/await-turn.ts';
import { convertDisk } from '../orchestrators/convert-disk.ts';
import { convertScope } from '../orchestrators/convert-scope.ts';
import { convertVm } from '../orchestrators/convert-vm.ts';
import { noticeChange } from '../orchestrators/notice-change.ts';
import { restoreVm } from '../orchestrators/restore-vm.ts';
import { sweep } from '../orchestrators/sweep.ts';
import { writeLate } from '../orchestrators/write-late.ts';

/** Every orchestrator of this release. */
export const ORCHESTRATORS: readonly Orchestrator<object>[] = [
  awaitTurn,
  convertDisk,
  convertScope,
  convertVm,
  noticeChange,
  restoreVm,
  sweep,
  writeLate,
];

/**
 * Registers every orchestrator, under the names that durable histories hold.
 *
 * @param orchestrators in their place, for what a deployment of changed code does.
 */
export function registerOrchestrators(orchestrators = ORCHESTRATORS): void {
  for (const { name, handler } of orchestrators) df.orchestration(name, handler);
}
