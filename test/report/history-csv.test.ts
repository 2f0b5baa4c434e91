import { expect, test } from 'vitest';
import { historyCsv } from '../../src/report/history-csv.ts';
import { aRecord, begun } from '../store/a-record.ts';
import { diskId, vmId } from '../support/builders.ts';

const anna = { objectId: '1', name: 'anna@contoso.com' };
const HEADINGS =
  'id,target,beganAt,endedAt,outcome,requestedBy,approvedBy,powerBefore,powerAfter,downtimeSeconds,disk,diskOutcome,code,encryptionBefore,setBefore,encryptionAfter,setAfter';

function linesOf(...records: Parameters<typeof historyCsv>[0]): readonly string[] {
  const text = historyCsv(records);
  expect(text.endsWith('\r\n')).toBe(true);
  return text.split('\r\n').slice(0, -1);
}

test('without records there are headings', () => {
  expect(linesOf()).toEqual([HEADINGS]);
});

test('every disk has a line', () => {
  const [disk] = aRecord().disks;
  if (!disk) throw new Error('a record has a disk');
  const refused = {
    ...disk,
    id: diskId('data-2'),
    after: null,
    outcome: 'refused',
    code: 'Conflict',
  };
  const lines = linesOf(aRecord({ approvedBy: anna, disks: [disk, refused] }));

  expect(lines.map((line) => line.split(',').length)).toEqual([17, 17, 17]);
  expect(lines[1]).toBe(
    `vm-1#1,${vmId('vm-1')},2026-03-01T22:00:00.000Z,2026-03-01T22:01:10.000Z,converted,sweep,anna@contoso.com,running,running,61,${disk.id},encrypted,,EncryptionAtRestWithPlatformKey,,${disk.after?.type},${disk.after?.setId}`,
  );
  expect(lines[2]).toMatch(/data-2,refused,Conflict,EncryptionAtRestWithPlatformKey,,,$/);
});

test('a conversion without disks, and one under way, have a line', () => {
  const lines = linesOf(begun(aRecord()), aRecord({ disks: [], downtimeMs: null }));

  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain(',,under-way,sweep,,running,,,');
  expect(lines[2]).toContain(',running,running,,,,,,,,');
});

test.for<[name: string, cell: string]>([
  ['anna@contoso.com', 'anna@contoso.com'],
  ['Anna, the first', '"Anna, the first"'],
  ['the "first"', '"the ""first"""'],
  ['two\nlines', '"two\nlines"'],
  ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
  ['+1', '"\'+1"'],
  ['-1', '"\'-1"'],
  ['@SUM(A1)', '"\'@SUM(A1)"'],
  ['\t=1', '"\'\t=1"'],
  [' =1', '"\' =1"'],
  ['\r=1', '"\'\r=1"'],
  ['＝1', '"\'＝1"'],
  ['a=1', 'a=1'],
])('the name %j is the cell %j', ([name, cell]) => {
  const text = historyCsv([aRecord({ approvedBy: { ...anna, name } })]);

  expect(text).toContain(`,sweep,${cell},running,`);
});
