/** A command, its exit code, and how the error begins that it prints: as for the real Azure. */
type Refused = readonly [line: string, exitCode: number, text: string];

export function refusals(group: (name: string) => string): readonly Refused[] {
  const encrypt = '--encryption-type EncryptionAtRestWithCustomerKey --disk-encryption-set';
  const set = `${group('rg-keys')}/providers/Microsoft.Compute/diskEncryptionSets/des-westeurope`;
  return [
    ['disk show -g rg-data -n none', 3, '(ResourceNotFound) The Resource'],
    ['disk show -g none -n none', 3, "(ResourceGroupNotFound) Resource group 'none' could not"],
    [
      `disk update -g rg-erp -n vm-erp-01-data-1 ${encrypt} ${set}`,
      1,
      '(OperationNotAllowed) Cannot change encryption setting of disk vm-erp-01-data-1',
    ],
    [
      'disk update -g rg-web -n disk-restore-test --size-gb 4',
      1,
      '(InvalidParameter) Disks or snapshot cannot be resized down.',
    ],
    [
      'disk create -g rg-data -n too-big --size-gb 40000',
      1,
      "(InvalidParameter) The value '40000' of parameter 'disk.diskSizeGB' is out of range.",
    ],
    [
      `snapshot create -g rg-data -n none --source ${group('rg-data')}/providers/Microsoft.Compute/disks/none`,
      3,
      '(NotFound) Resource none is not found.',
    ],
  ] as const;
}
