import {
  type Approval,
  type ApprovalOutcome,
  askedAgain,
  askedAnew,
  decideApproval,
  standsFor,
  useApproval,
} from '../domain/turn/approval.ts';
import { allRows } from './all-rows.ts';
import { changeRow } from './change-row.ts';
import { rowKeyOf } from './row-key.ts';
import { fromText, toText } from './row-text.ts';
import type { Approvals } from './store.ts';
import type { Row, Table } from './table.ts';

const PARTITION = 'approval';
const OPEN = 'open';

/** A row for each VM about which somebody was asked. */
export function approvalsIn(table: Table): Approvals {
  const change = (
    id: string,
    judge: (standing: Approval | null) => ApprovalOutcome,
  ): Promise<ApprovalOutcome> =>
    changeRow(table, { partition: PARTITION, row: id }, (properties) => {
      const standing = approvalOf(properties);
      const result = judge(standing);
      const isChange = result.kind === 'accepted' && result.approval !== standing;
      return { properties: isChange ? propertiesOf(result.approval) : null, result };
    });

  return {
    request: (wanted) => {
      const id = rowKeyOf(wanted.vmId);
      return changeRow(table, { partition: PARTITION, row: id }, (properties) => {
        const standing = approvalOf(properties);
        if (standing !== null && standsFor(standing, wanted)) {
          const result = askedAgain(standing, wanted);
          return { properties: result === standing ? null : propertiesOf(result), result };
        }
        const result = askedAnew(standing, wanted, id);
        return { properties: propertiesOf(result), result };
      });
    },
    decide: async (id, decision, rule) =>
      isId(id)
        ? change(id, (standing) => decideApproval(standing, decision, rule))
        : { kind: 'refused', reason: 'unknown' },
    use: (vmId, use) =>
      change(rowKeyOf(vmId), (standing) => useApproval(standing, { ...use, atMs: Date.now() })),
    read: async (vmId) => {
      const stored = await table.get(PARTITION, rowKeyOf(vmId));
      return approvalOf(stored?.properties ?? null);
    },
    list: async () => {
      const rows = await allRows(table, PARTITION, { state: OPEN });
      return rows
        .flatMap(({ properties }) => approvalOf(properties) ?? [])
        .toSorted((a, b) => a.requestedAtMs - b.requestedAtMs);
    },
  };
}

/** What people type is no row key before it is looked at. */
function isId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

function propertiesOf(approval: Approval): Row['properties'] {
  const { vmId, decision } = approval;
  return { vmId, state: decision?.kind ?? OPEN, text: toText(approval) };
}

function approvalOf(properties: Row['properties'] | null): Approval | null {
  return properties === null ? null : (fromText(properties['text']) as Approval);
}
