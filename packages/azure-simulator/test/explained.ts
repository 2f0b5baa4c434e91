import type { Verdict } from './judge.ts';

/** An operation, a code of the judge, and the evidence that Azure answers so all the same. */
type Explained = readonly [operationId: string, code: string, evidence: string];

const NO_ERRORS =
  'the documents of disks and snapshots list no errors at all; recorded in wire/errors.json: ';

/**
 * Where Azure was recorded to differ from its own documents: in all traffic of SDKs and of the CLI
 * that is judged, and no more than ten.
 */
export const EXPLAINED: readonly Explained[] = [
  ['Disks_Get', 'INVALID_RESPONSE_CODE', `${NO_ERRORS}404`],
  ['Disks_Update', 'INVALID_RESPONSE_CODE', `${NO_ERRORS}400 and 409 of a PUT`],
  ['Disks_CreateOrUpdate', 'INVALID_RESPONSE_CODE', `${NO_ERRORS}400, 409 and 429`],
  ['Snapshots_Get', 'INVALID_RESPONSE_CODE', `${NO_ERRORS}404`],
  ['Snapshots_CreateOrUpdate', 'INVALID_RESPONSE_CODE', `${NO_ERRORS}404 and 409`],
  ['Snapshots_List', 'INVALID_RESPONSE_CODE', `${NO_ERRORS}403 of the gateway, for other types`],
  [
    'DiskEncryptionSets_CreateOrUpdate',
    'MISSING_RESOURCE_ID',
    'the 202 repeats the request and has no ID: wire/samples/des-put-202-body.json',
  ],
  [
    'DiskEncryptionSets_CreateOrUpdate',
    'BICEP_MISSING',
    'the 202 repeats the request and has no name: wire/samples/des-put-202-body.json',
  ],
  [
    'Subscriptions_List',
    'OBJECT_ADDITIONAL_PROPERTIES',
    'Azure counts the subscriptions that it lists: published answers of 2020-01-01',
  ],
  [
    'Subscriptions_List',
    'OBJECT_MISSING_REQUIRED_PROPERTY',
    'the last page of a list has no link: published answers of 2020-01-01',
  ],
];

/** Calls that nothing can judge, because no document of them is held; not violations. */
const NO_DOCUMENT: readonly (readonly [url: RegExp, what: string])[] = [
  [/\/restorePointCollections/, 'restore points'],
  [/\/virtualMachineScaleSets/, 'scale sets'],
  [/\/availabilitySets/, 'availability sets'],
  [/\/providers\/Microsoft\.DevTestLab\//, 'schedules'],
  [/\/providers\/Microsoft\.Authorization\/locks/, 'locks'],
  [/\/providers\/Microsoft\.Authorization\/policyExemptions/, 'exemptions of policies'],
  [/\/providers\/Microsoft\.PolicyInsights\//, 'what policies would say'],
  [/\/operationresults\//, 'the end of the deletion of a group'],
  [/\/providers\/Microsoft\.Network\//, 'the network'],
  [/^https:\/\/graph\.microsoft\.com\//, 'Microsoft Graph'],
  [/^https:\/\/\w+\.table\.core\.windows\.net\//, 'Table storage'],
];

/** Versions that are not held: judged by the nearest one, `--near`. */
const NO_VERSION = /^https:\/\/management\.azure\.com\/subscriptions.*api-version=2025-04-01/;

/** What is left when everything is taken away that the lists explain. */
export function unexplained(verdicts: readonly Verdict[]): readonly unknown[] {
  return verdicts.flatMap((verdict) => {
    const { operationId = '', url, status } = verdict;
    return verdict.errors
      .filter(({ code }) =>
        operationId === 'unknownOperationId' ? !isNotHeld(url) : !isExplained(operationId, code),
      )
      .map((error) => ({ operation: operationId, url, status, ...error }));
  });
}

/** The pairs of operation and code that occur, of those that are explained. */
export function pairsIn(verdicts: readonly Verdict[]): readonly string[] {
  const found = verdicts.flatMap(({ operationId = '', errors }) =>
    errors
      .filter(({ code }) => isExplained(operationId, code))
      .map(({ code }) => `${operationId} ${code}`),
  );
  return [...new Set(found)].toSorted();
}

function isExplained(operationId: string, code: string): boolean {
  return EXPLAINED.some(([operation, its]) => operation === operationId && its === code);
}

function isNotHeld(url: string): boolean {
  return NO_VERSION.test(url) || NO_DOCUMENT.some(([pattern]) => pattern.test(url));
}
