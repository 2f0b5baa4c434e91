/** A key version in Key Vault or Managed HSM. */
export interface Key {
  readonly url: string;
  readonly enabled: boolean;
  /** Milliseconds since 1970, or null when it never expires. */
  readonly expiresAtMs: number | null;
  /** Milliseconds since 1970, or null when it is valid from the start. */
  readonly notBeforeMs: number | null;
}
