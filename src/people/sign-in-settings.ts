/** How this app learns who somebody is; what is null is no way. */
export interface SignInSettings {
  /** Directory and app registration whose tokens count. */
  readonly registration: AppRegistration | null;
  /** Whether App Service authentication stands before the app, so that its headers are its own. */
  readonly platform: boolean;
  /** Who owns the machine that the app runs on, and how that is proved. */
  readonly local: LocalPerson | null;
}

export interface AppRegistration {
  readonly tenantId: string;
  /** Application (client) ID of the app registration: the audience of its tokens. */
  readonly clientId: string;
}

export interface LocalPerson {
  /** SHA-256 of the host's master key, in hexadecimal. */
  readonly keyDigest: string;
  /** Name of the account, as the operating system has it. */
  readonly user: string;
}
