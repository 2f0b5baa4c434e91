import { expect, test } from 'vitest';
import type { ConvertedDisk } from '../../../src/domain/conversion/conversion-outcome.ts';
import type { RecordedDisk } from '../../../src/domain/conversion/conversion-record.ts';
import { describeDisks } from '../../../src/domain/conversion/describe-record.ts';
import { CUSTOMER_KEY, diskId, setId } from '../../support/builders.ts';

const change = {
  diskId: diskId('os'),
  diskEncryptionSetId: setId('des'),
  encryptionType: CUSTOMER_KEY,
};
const before = { type: 'EncryptionAtRestWithPlatformKey', setId: null };
const after = { type: CUSTOMER_KEY, setId: setId('des') };
const refused = { kind: 'refused', code: 'ScopeLocked', message: 'No.' } as const;

test.for<[what: string, ended: readonly ConvertedDisk[], rest: Partial<RecordedDisk>]>([
  [
    'encrypted',
    [{ diskId: diskId('os'), kind: 'encrypted' }],
    { after, outcome: 'encrypted', code: null },
  ],
  [
    'refused',
    [{ diskId: diskId('os'), ...refused }],
    { after: null, outcome: 'refused', code: 'ScopeLocked' },
  ],
  ['gone', [{ diskId: diskId('os'), kind: 'gone' }], { after: null, outcome: 'gone', code: null }],
  [
    'under way, while another has ended',
    [{ diskId: diskId('data'), ...refused }],
    { after: null, outcome: null, code: null },
  ],
])('records a disk that is %s', ([, ended, rest]) => {
  expect(describeDisks([change], ended)).toEqual([{ id: diskId('os'), before, ...rest }]);
});
