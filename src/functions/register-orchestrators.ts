import { app as df } from 'durable-functions';
import { awaitTurn } from '../orchestrators/await-turn.ts';
import { convertDisk } from '../orchestrators/convert-disk.ts';
import { convertScope } from '../orchestrators/convert-scope.ts';
import { convertVm } from '../orchestrators/convert-vm.ts';
import { noticeChange } from '../orchestrators/notice-change.ts';
import { restoreVm } from '../orchestrators/restore-vm.ts';
import { sweep } from '../orchestrators/sweep.ts';
import { writeLate } from '../orchestrators/write-late.ts';

/** Registers every orchestrator. */
export function registerOrchestrators(): void {
  for (const orchestrator of [
    awaitTurn,
    convertDisk,
    convertScope,
    convertVm,
    noticeChange,
    restoreVm,
    sweep,
    writeLate,
  ]) {
    df.orchestration(orchestrator.name, orchestrator.handler);
  }
}
