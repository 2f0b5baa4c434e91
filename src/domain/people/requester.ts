/** A signed-in person, as their Entra token names them. */
export interface Person {
  /** Entra's object ID: names change, it does not. */
  readonly objectId: string;
  /** For people to read, e.g. `anna@contoso.com`. */
  readonly name: string;
}

/** Who or what asked for a conversion. */
export interface Requester {
  readonly kind: 'event' | 'sweep' | 'person';
  /** Who it was; null for what is no person, and for a person behind a function key. */
  readonly person: Person | null;
  /** ID of the event or of the request, or null. */
  readonly requestId: string | null;
}

/** One word for a requester, by which the journal is searched: the person's name, else the kind. */
export function nameOfRequester({ kind, person }: Requester): string {
  return person?.name ?? kind;
}
