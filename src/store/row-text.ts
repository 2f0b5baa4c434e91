import { StoreUnavailableError } from './store-unavailable-error.ts';

/** JSON in ASCII alone: it may be cut anywhere, and no store or transport changes a character. */
export function toText(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** @throws StoreUnavailableError when somebody else has written there. */
export function fromText(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch (error) {
    throw new StoreUnavailableError('read a row', { code: 'RowDamaged', cause: error });
  }
}
