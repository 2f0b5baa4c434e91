import { ArmError } from './arm-error.ts';
import { type ArmPath, typeOf } from './arm-path.ts';

const GATEWAY = { headers: { 'x-ms-failure-cause': 'gateway' } };
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NAMESPACE = /^[a-z0-9]+(\.[a-z0-9]+)+$/i;
const TYPE = /^[a-z0-9]+$/i;
/** Source: "Naming rules and restrictions for Azure resources". */
const NEVER_IN_NAMES = /[\p{Cc}<>%&\\?/#]/u;
const GROUP_CHARACTER = /[\p{L}\p{N}\-._()]/u;

/** Names of machines, disks, … that are made. Source: the rule stands in Azure's own refusal. */
const COMPUTE_NAME = /^[^_\W][\w\-.]{0,79}(?<![-.])$/;

/** @throws ArmError for a subscription, group, type or resource that cannot be named so. */
export function refuseBadNames(path: ArmPath, method: string): void {
  const { subscription, group, namespace, segments } = path;
  if (subscription !== null && !GUID.test(subscription)) {
    throw refused(
      'InvalidSubscriptionId',
      `The provided subscription identifier '${subscription}' is malformed or invalid.`,
    );
  }
  if (group !== null) refuseBadGroup(group);
  if (namespace === null) return;
  if (!NAMESPACE.test(namespace)) {
    throw new ArmError(
      404,
      'InvalidResourceNamespace',
      `The resource namespace '${namespace}' is invalid.`,
      GATEWAY,
    );
  }
  for (const [index, segment] of segments.entries()) {
    if (index % 2 === 0) refuseBadType(namespace, segment);
    else refuseBadName(segment);
  }
  const [, name = ''] = segments;
  const makes =
    method === 'PUT' && segments.length === 2 && /^microsoft\.compute$/i.test(namespace);
  if (makes && !COMPUTE_NAME.test(name)) throw badComputeName(path, name);
}

/** Source: a public report; the texts about length and the last character are assumed. */
function refuseBadGroup(group: string): void {
  const invalid = [...new Set([...group].filter((it) => !GROUP_CHARACTER.test(it)))].join('');
  if (invalid !== '') {
    throw refused(
      'InvalidResourceGroup',
      `The provided resource group name '${group}' has these invalid characters: '${invalid}'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`,
    );
  }
  if (group.length > 90) {
    throw refused(
      'InvalidResourceGroup',
      `The provided resource group name '${group}' has exceeded the maximum length of '90' characters.`,
    );
  }
  if (group.endsWith('.')) {
    throw refused(
      'InvalidResourceGroup',
      `The provided resource group name '${group}' has these invalid trailing characters: '.'.`,
    );
  }
}

/** Source: code and text as the resource manager answers a type that it does not know. */
function refuseBadType(namespace: string, type: string): void {
  if (TYPE.test(type)) return;
  throw new ArmError(
    404,
    'InvalidResourceType',
    `The resource type '${type}' could not be found in the namespace '${namespace}'.`,
    GATEWAY,
  );
}

/** Assumed: code and text. */
function refuseBadName(name: string): void {
  const invalid = NEVER_IN_NAMES.exec(name);
  if (!invalid && name.length <= 260 && name.trim() !== '') return;
  throw refused('InvalidResourceName', `The provided resource name '${name}' is invalid.`);
}

function badComputeName(path: ArmPath, name: string): ArmError {
  const entities: Readonly<Record<string, string>> = {
    disks: 'disk',
    snapshots: 'snapshot',
    diskencryptionsets: 'encryptionSet',
    virtualmachines: 'vm',
  };
  const [, type = ''] = (typeOf(path) ?? '').toLowerCase().split('/');
  const target = `${entities[type] ?? type}.name`;
  return new ArmError(
    400,
    'InvalidParameter',
    `The entity name '${name}' is invalid according to its validation rule: ^[^_\\W][\\w-._]{0,79}(?<![-.])$.`,
    { target },
  );
}

function refused(code: string, message: string): ArmError {
  return new ArmError(400, code, message, GATEWAY);
}
