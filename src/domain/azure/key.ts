/** A key version in Key Vault or Managed HSM. */
export interface Key {
  readonly url: string;
  /** e.g. `RSA`, `RSA-HSM`, `EC`; null when the vault does not say. */
  readonly type: string | null;
  /** Of an RSA key; null when the vault does not say. */
  readonly sizeBits: number | null;
  /** What may be done with it, e.g. `wrapKey`; null when the vault does not say. */
  readonly operations: readonly string[] | null;
  readonly enabled: boolean;
  /** Milliseconds since 1970, or null when it never expires. */
  readonly expiresAtMs: number | null;
  /** Milliseconds since 1970, or null when it is valid from the start. */
  readonly notBeforeMs: number | null;
}
