const SUBSCRIPTION = `${anyCase('/subscriptions/')}[0-9a-fA-F-]{36}`;
const NAME = '[^/?#%]+';
const GROUP = `${SUBSCRIPTION}${anyCase('/resourceGroups/')}${NAME}`;
const VM_OR_DISK = `${anyCase('/providers/Microsoft.Compute/')}(${anyCase('virtualMachines')}|${anyCase('disks')})/${NAME}`;

/** A regular expression for JSON Schema: the ARM ID of a subscription, resource group, VM or disk. */
export const SCOPE_PATTERN = `^${SUBSCRIPTION}(${anyCase('/resourceGroups/')}${NAME}(${VM_OR_DISK})?)?/?$`;

/** A regular expression for JSON Schema: the ARM ID of a resource of this type. */
export function armIdPattern(type: string): string {
  return `^${GROUP}${anyCase(`/providers/${type}/`)}${NAME}$`;
}

/** JSON Schema knows no flag for case, and Azure's ids come in any. */
function anyCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}
