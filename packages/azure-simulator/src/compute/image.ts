import { type JsonObject, objectAt, textAt } from '../resources/json.ts';

/** What a disk has from the image that it is made from. */
export interface Image {
  readonly osType: 'Linux' | 'Windows';
  readonly sizeGB: number;
  readonly generation: 'V1' | 'V2';
}

const MARKETPLACE = /\/publishers\/([^/]+)\/.*\/offers\/([^/]+)\/skus\/([^/]+)/i;

/**
 * The platform image that a disk names; `null` for anything else.
 *
 * Assumed, as images are not kept: the system follows from the publisher, its usual size from the
 * system, and the generation from the words of the SKU and from a security type that takes the second.
 */
export function imageOfDisk(properties: JsonObject): Image | null {
  const id = textAt(objectAt(objectAt(properties, 'creationData'), 'imageReference'), 'id');
  const [, publisher, offer = '', sku = ''] = MARKETPLACE.exec(id ?? '') ?? [];
  if (publisher === undefined) return null;
  const windows = /^microsoft(windows|sqlserver|visualstudio)/i.test(publisher);
  const small = /smalldisk/i.test(sku);
  const secured = textAt(objectAt(properties, 'securityProfile'), 'securityType') !== undefined;
  const second =
    secured ||
    /gen-?2|-g2\b|azure-edition|^server(-arm64)?$|^minimal$|win11/i.test(sku) ||
    /gen2|windows-11/i.test(offer);
  return {
    osType: windows ? 'Windows' : 'Linux',
    sizeGB: windows ? (small ? 30 : 127) : 30,
    generation: second ? 'V2' : 'V1',
  };
}
