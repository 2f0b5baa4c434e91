import { app as df } from 'durable-functions';
import type { Orchestrator } from '../durable/steps.ts';
import { convertDisk } from '../orchestrators/conversion/convert-disk.ts';
import { convertScope } from '../orchestrators/conversion/convert-scope.ts';
import { convertVm } from '../orchestrators/conversion/convert-vm.ts';
import { noticeChange } from '../orchestrators/conversion/notice-change.ts';
import { restoreVm } from '../orchestrators/conversion/restore-vm.ts';
import { writeLate } from '../orchestrators/conversion/write-late.ts';
import { sweep } from '../orchestrators/sweep/sweep.ts';
import { awaitTurn } from '../orchestrators/turn/await-turn.ts';

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
