import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** The key by which a directory signs tokens; made when it is first needed. */
export class SigningKey {
  #pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | null = null;

  /** As `discovery/v2.0/keys` shows it. */
  jwk(): Record<string, unknown> {
    const { n, e } = this.#keys().publicKey.export({ format: 'jwk' });
    return { kty: 'RSA', use: 'sig', kid: this.id(), n, e };
  }

  id(): string {
    const der = this.#keys().publicKey.export({ format: 'der', type: 'spki' });
    return createHash('sha1').update(der).digest('base64url');
  }

  /** A JWT of these claims; `header` replaces what its header says, and not how it is signed. */
  sign(claims: object, header: object = {}): string {
    const parts = [{ typ: 'JWT', alg: 'RS256', kid: this.id(), ...header }, claims];
    const text = parts
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = sign('sha256', Buffer.from(text), this.#keys().privateKey);
    return `${text}.${signature.toString('base64url')}`;
  }

  #keys() {
    this.#pair ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
    return this.#pair;
  }
}
