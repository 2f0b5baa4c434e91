import { type ArmId, parseArmId } from '../../domain/azure/arm-id.ts';

/**
 * The parts of an ARM ID that a client's method takes.
 *
 * @throws Error on anything that is not one: ids are checked where they come in, so it is a bug.
 */
export function placeOf(id: string): ArmId {
  const parsed = parseArmId(id);
  if (parsed === null) throw new Error('Not an ARM ID of a resource.');
  return parsed;
}
