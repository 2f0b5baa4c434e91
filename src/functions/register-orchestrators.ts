import { app as df } from 'durable-functions';
import { convertDisk } from '../orchestrators/convert-disk.ts';
import { convertScope } from '../orchestrators/convert-scope.ts';
import { convertVm } from '../orchestrators/convert-vm.ts';
import { noticeChange } from '../orchestrators/notice-change.ts';
import { restoreVm } from '../orchestrators/restore-vm.ts';
import { sweep } from '../orchestrators/sweep.ts';

/** Registers every orchestrator. */
export function registerOrchestrators(): void {
  for (const orchestrator of [
    convertDisk,
    convertScope,
    convertVm,
    noticeChange,
    restoreVm,
    sweep,
  ]) {
    df.orchestration(orchestrator.name, orchestrator.handler);
  }
}
